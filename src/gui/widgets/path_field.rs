//! A field with a path, ready to be typed into.

use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Context, Key, Response};

/// Gives the focus to the field with this path, the name of its file selected: what is typed replaces that.
pub fn focus_name(field: &Response, path: &str) {
    field.request_focus();
    let (begin, end) = name_within(path);
    let mut state = TextEditState::load(&field.ctx, field.id).unwrap_or_default();
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(begin), CCursor::new(end))));
    state.store(&field.ctx, field.id);
}

/// Whether Enter was pressed while no widget has it for itself: it presses the default button of a sheet.
pub fn default_pressed(ctx: &Context) -> bool {
    ctx.memory(|m| m.focused().is_none()) && ctx.input(|i| i.key_pressed(Key::Enter))
}

/// The characters of the file's name without its ending.
fn name_within(path: &str) -> (usize, usize) {
    let begin = path.rfind(['/', '\\']).map_or(0, |at| at + 1);
    let end = path[begin..].rfind('.').filter(|at| *at > 0).map_or(path.len(), |at| begin + at);
    (path[..begin].chars().count(), path[..end].chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_what_stands_between_folder_and_ending() {
        let name = |path: &str| {
            let (begin, end) = name_within(path);
            path.chars().skip(begin).take(end - begin).collect::<String>()
        };
        let paths = ["/a.b/ö.c/mine.spikescape", "C:\\x\\mine.toml", "mine", "/a/.hidden", "/a/", ""];
        assert_eq!(paths.map(name), ["mine", "mine", "mine", ".hidden", "", ""]);
    }
}
