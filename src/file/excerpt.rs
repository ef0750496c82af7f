//! Parts of a file in a message: short, on one line, whatever the file holds.

/// The beginning of a text that may have any length and any characters: at most `most` of them on one line, and an ellipsis
/// where there are more.
pub fn excerpt(text: &str, most: usize) -> String {
    let (mut short, mut length) = (String::new(), 0);
    for word in text.split_whitespace() {
        let space = (length > 0).then_some(' ');
        for c in space.into_iter().chain(word.chars()) {
            if length == most {
                short.push('…');
                return short;
            }
            short.push(if c.is_control() { '\u{fffd}' } else { c });
            length += 1;
        }
    }
    short
}

/// The text of a file, or where it is not UTF-8; `name` is what messages call the file, bytes are counted from 0.
pub fn utf8(name: &str, bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..good].iter().filter(|&&b| b == b'\n').count() + 1;
        format!("{name}, line {line}: the file is not text in UTF-8 (byte {good}); save it as UTF-8.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_on_one_line() {
        assert_eq!(excerpt(" [1,\n\t2,  3] ", 40), "[1, 2, 3]");
        assert_eq!(excerpt(&"é".repeat(41), 40), "é".repeat(40) + "…");
        assert_eq!(excerpt(&"é".repeat(40), 40), "é".repeat(40));
        assert_eq!(excerpt("a\0b", 3), "a\u{fffd}b");
        assert_eq!(excerpt("\n \n", 9), "");
    }

    #[test]
    fn text_that_is_not_utf8_is_said_with_its_line() {
        assert_eq!(utf8("a", b"b\xc3\xa9".to_vec()).unwrap(), "bé");
        let said = utf8("a", b"1\n2\xff".to_vec()).unwrap_err();
        assert_eq!(said, "a, line 2: the file is not text in UTF-8 (byte 3); save it as UTF-8.");
    }
}
