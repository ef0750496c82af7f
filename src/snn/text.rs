//! A network as text, as in `2x34x34 - conv12k5 - avg2 - flatten - fc10` ([model §2](crate::model#2-layers)).
//!
//! First the input, `784` or `channels x height x width`; then, each after a minus sign, the layers from the input to the
//! output: `fc800` (neurons), `conv12k5` (channels, kernel), `avg2` and `max2` (size of the blocks), `flatten`.

use std::fmt;

use super::{Layer, LayerKind, Network, NetworkError, Shape};

/// The mistake in a network's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkTextError {
    /// The character at which the part that is wrong begins, from 1.
    pub at: usize,
    /// What is wrong and what was expected.
    pub sentence: String,
}

impl fmt::Display for NetworkTextError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "at character {}: {}", self.at, self.sentence)
    }
}

impl std::error::Error for NetworkTextError {}

/// Reads what [`Network::describe`] writes; spaces around the parts do not matter.
///
/// # Errors
/// When a part cannot be read, or [`Network::new`] refuses the layers; the error points to the part.
pub fn parse(text: &str) -> Result<Network, NetworkTextError> {
    let parts = parts(text);
    let error = |part: usize, sentence| NetworkTextError { at: parts[part].0, sentence };
    let input = input(parts[0].1).map_err(|sentence| error(0, sentence))?;
    let mut kinds = Vec::new();
    for (n, (_, part)) in parts.iter().enumerate().skip(1) {
        kinds.push(layer(part).map_err(|sentence| error(n, sentence))?);
    }
    let at_layer = |NetworkError { layer, sentence }| error(layer.map_or(0, |l| l + 1), sentence);
    Network::new(input, &kinds).map_err(at_layer)
}

/// Layers between an input and an output, perhaps with these two written around them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HiddenLayers {
    /// The input and the neurons of the output, where they were written: both or neither.
    pub ends: Option<(Shape, usize)>,
    pub layers: Vec<LayerKind>,
}

/// Reads layers alone, `flatten - fc800`, a whole network, `784 - fc800 - fc10`, or numbers of neurons alone, `50-50`;
/// nothing or `none` for no layer. Whether the layers fit together is checked by [`Network::new`].
///
/// # Errors
/// When a part cannot be read, or a text that begins with its input does not end with its output.
pub fn parse_hidden(text: &str) -> Result<HiddenLayers, NetworkTextError> {
    if matches!(text.trim(), "" | "none") {
        return Ok(HiddenLayers::default());
    }
    let parts = parts(text);
    let error = |part: usize, sentence| NetworkTextError { at: parts[part].0, sentence };
    if parts.iter().all(|(_, part)| number(part).is_some()) {
        let neurons = parts.iter().filter_map(|(_, part)| number(part));
        return Ok(HiddenLayers { ends: None, layers: neurons.map(|out| LayerKind::Fc { out }).collect() });
    }
    let from = Shape::parse(parts[0].1);
    let mut layers = Vec::new();
    for (n, (_, part)) in parts.iter().enumerate().skip(usize::from(from.is_some())) {
        layers.push(layer(part).map_err(|sentence| error(n, sentence))?);
    }
    let Some(from) = from else { return Ok(HiddenLayers { ends: None, layers }) };
    match layers.pop() {
        Some(LayerKind::Fc { out }) => Ok(HiddenLayers { ends: Some((from, out)), layers }),
        _ => {
            Err(error(parts.len() - 1, "a network that begins with its input ends with its output, as in fc10".into()))
        }
    }
}

/// The character at which layer `layer`, from 0, begins in a text that [`parse_hidden`] reads; the last one where that
/// layer is not written there, as the output need not be.
pub fn layer_at(text: &str, layer: usize) -> usize {
    let parts = parts(text);
    let numbers = parts.iter().all(|(_, part)| number(part).is_some());
    let input = !numbers && Shape::parse(parts[0].1).is_some();
    parts.get(layer + usize::from(input)).map_or_else(|| text.chars().count().max(1), |(at, _)| *at)
}

/// The layers as text that [`parse_hidden`] reads, without spaces: `flatten-fc800`, or `none`.
pub fn write_hidden(layers: &[LayerKind]) -> String {
    let words: Vec<String> = layers.iter().map(ToString::to_string).collect();
    if words.is_empty() { "none".to_owned() } else { words.join("-") }
}

/// The parts between the minus signs without the spaces around them, each with its first character's number.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut at = 1;
    let part = |part: &str| {
        let bare = part.trim_start();
        let blank = part.chars().count() - bare.chars().count();
        let begins = at + if bare.is_empty() { 0 } else { blank };
        at += part.chars().count() + 1;
        begins
    };
    let begins: Vec<usize> = text.split('-').map(part).collect();
    begins.into_iter().zip(text.split('-').map(str::trim)).collect()
}

fn input(part: &str) -> Result<Shape, String> {
    let expected = "expected the input, as in 784 or 2x34x34";
    if part.is_empty() {
        return Err(format!("nothing stands here; {expected}"));
    }
    Shape::parse(part).ok_or_else(|| format!("{} is no input; {expected}", quoted(part)))
}

fn layer(part: &str) -> Result<LayerKind, String> {
    let size = |word| part.strip_prefix(word).and_then(number);
    let conv = || {
        let (out, kernel) = part.strip_prefix("conv")?.split_once('k')?;
        Some(LayerKind::Conv { out: number(out)?, kernel: number(kernel)? })
    };
    let flatten = (part == "flatten").then_some(LayerKind::Flatten);
    let kind = flatten.or_else(|| size("fc").map(|out| LayerKind::Fc { out }));
    let kind = kind.or_else(conv).or_else(|| size("avg").map(|size| LayerKind::AvgPool { size }));
    kind.or_else(|| size("max").map(|size| LayerKind::MaxPool { size })).ok_or_else(|| {
        let forms = [
            ("fc", "the number of neurons, as in fc10"),
            ("conv", "channels and kernel, as in conv12k5"),
            ("avg", "the size of the blocks, as in avg2"),
            ("max", "the size of the blocks, as in max2"),
        ];
        match forms.iter().find(|(word, _)| part.starts_with(word)) {
            Some((word, form)) => format!("{} is no layer; `{word}` needs {form}", quoted(part)),
            None if part.is_empty() => {
                "nothing stands here; expected a layer: fc10, conv12k5, avg2, max2 or flatten".into()
            }
            None => {
                format!("{} is no layer; expected one like fc10, conv12k5, avg2, max2 or flatten", quoted(part))
            }
        }
    })
}

/// Digits alone: no sign, no decimal point.
fn number(text: &str) -> Option<usize> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// The beginning of the part, in quotes: the whole of a long one would bury the sentence around it.
fn quoted(part: &str) -> String {
    const MOST: usize = 24;
    match part.char_indices().nth(MOST) {
        Some((end, _)) => format!("`{}…`", &part[..end]),
        None => format!("`{part}`"),
    }
}

/// The name of the layer of this index, of `layers` in a network of these kinds: 0 is the first after the input, the
/// last is the output. Kinds that are not known are fully connected.
pub fn layer_name(layer: usize, layers: usize, kinds: &[Layer]) -> String {
    let kind = kinds.get(layer).map(|l| l.kind).filter(|k| !matches!(k, LayerKind::Fc { .. }));
    match (layer, kind) {
        _ if layer + 1 == layers => "output".into(),
        (_, Some(kind)) => format!("{kind} ({})", layer + 1),
        (0, None) => "hidden".into(),
        (_, None) => format!("hidden {}", layer + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_configurations_are_read() {
        let n_mnist = parse("2x34x34 - conv12k5 - avg2 - conv32k5 - avg2 - flatten - fc10").unwrap();
        assert_eq!((n_mnist.layers[5].inputs, n_mnist.outputs()), (32 * 8 * 8, 10));
        assert_eq!(parse("784 - fc800 - fc10").unwrap(), Network::fully_connected(784, &[800, 10]));
        assert_eq!(parse(" 784-fc800 -fc10 ").unwrap().describe(), "784 - fc800 - fc10");
        assert_eq!(parse("2 x 34 x 34 - flatten - fc800 - fc10").unwrap().layers[1].inputs, 2312);
    }

    #[test]
    fn errors_say_where_and_what_was_expected() {
        let wrong = |text: &str, at: usize, words: &str| {
            let e = parse(text).unwrap_err();
            assert!(e.at == at && e.sentence.contains(words), "{text}: {e}");
        };
        wrong("", 1, "784");
        wrong("784", 1, "layer");
        wrong("7.5 - fc3", 1, "`7.5`");
        wrong("2x34 - flatten - fc3", 1, "`2x34`");
        wrong("0 - fc3", 1, "at least one unit");
        wrong("784 - ", 6, "nothing");
        wrong("784 -- fc3", 6, "nothing");
        wrong("784 - fc", 7, "fc10");
        wrong("784 - fc0", 7, "neuron");
        wrong("784 - relu - fc10", 7, "`relu`");
        wrong("784 - conv3k3 - fc10", 7, "image");
        wrong("2x8x8 - conv3k4 - flatten - fc3", 9, "odd");
        wrong("2x8x8 - conv3 - flatten - fc3", 9, "kernel");
        wrong("2x8x8 - fc3", 9, "flatten");
        wrong("2x8x8 - conv3k3 - avg9 - flatten - fc3", 19, "8 × 8");
        wrong("2x8x8 - avg2 - flatten - fc3", 9, "first");
        wrong("2x8x8 - conv3k3 - avg2", 19, "fractions");
        wrong("ä - ö", 1, "`ä`");
        wrong("7 – fc3", 1, "`7 – fc3`");
        wrong("3 - äöü - fc", 5, "`äöü`");
        wrong("99999999999999999999 - fc3", 1, "input");
        wrong("9999999999x99999x9999999 - flatten - fc3", 1, "counted");
        wrong("3 - fc999999999999999999", 5, "counted");
    }

    #[test]
    fn hidden_layers_are_read_with_and_without_the_ends() {
        use LayerKind::{Fc, Flatten};
        let read = |text| parse_hidden(text).unwrap();
        assert_eq!(read("50-40"), HiddenLayers { ends: None, layers: vec![Fc { out: 50 }, Fc { out: 40 }] });
        assert_eq!(read(" flatten - fc9 "), HiddenLayers { ends: None, layers: vec![Flatten, Fc { out: 9 }] });
        let whole = read("2x34x34 - flatten - fc9 - fc10");
        assert_eq!(
            whole,
            HiddenLayers { ends: Some((Shape::Grid([2, 34, 34]), 10)), layers: vec![Flatten, Fc { out: 9 }] }
        );
        assert_eq!(read("784 - fc10").ends, Some((Shape::Flat(784), 10)));
        assert_eq!([read(""), read("none")], [HiddenLayers::default(), HiddenLayers::default()]);
        for layers in [vec![], vec![Fc { out: 3 }], whole.layers] {
            assert_eq!(parse_hidden(&write_hidden(&layers)).unwrap().layers, layers);
        }
        for (text, at) in [("784 - fc8 - flatten", 13), ("fc8 - relu", 7), ("50 - x", 6), ("5 - ", 4), ("784", 1)] {
            match parse_hidden(text) {
                Err(e) => assert_eq!(e.at, at, "{text}: {e}"),
                Ok(read) => assert_eq!((text, read.layers), ("784", vec![Fc { out: 784 }])),
            }
        }
    }

    /// A valid network: sizes that do not fit are halved or made odd.
    fn network() -> impl Strategy<Value = Network> {
        let image = [1usize..4, 1..20, 1..20].prop_map(Shape::Grid);
        let input = prop_oneof![(1usize..1000).prop_map(Shape::Flat), image];
        (input, prop::collection::vec((0u8..4, 1usize..40, 0usize..3), 0..4), 1usize..30).prop_map(
            |(input, drawn, out)| {
                let (mut kinds, mut shape) = (Vec::new(), input);
                for (which, out, half) in drawn {
                    let kind = match (which, shape) {
                        (_, Shape::Flat(_)) => LayerKind::Fc { out },
                        (0 | 1, _) => LayerKind::Conv { out, kernel: 2 * half + 1 },
                        (2, _) => LayerKind::AvgPool { size: half + 1 },
                        _ => LayerKind::MaxPool { size: half + 1 },
                    };
                    if let (Ok(to), false) = (kind.output_shape(shape), kinds.is_empty() && which > 1) {
                        (shape, kinds) = (to, [kinds, vec![kind]].concat());
                    }
                }
                kinds.extend([LayerKind::Flatten, LayerKind::Fc { out }]);
                Network::new(input, &kinds).unwrap()
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_described_is_read_as_the_same(net in network()) {
            prop_assert_eq!(parse(&net.describe()).unwrap(), net);
        }

        #[test]
        fn any_text_gets_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = parse(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn nearly_right_text_gets_an_answer(text in "[0-9x]{1,8}( - (fc|conv|avg|max|flatten|k)[0-9k]{0,20}){0,4}") {
            if let Ok(net) = parse(&text) {
                prop_assert_eq!(parse(&net.describe()).unwrap(), net);
            } else if let Err(e) = parse(&text) {
                prop_assert!(e.at >= 1 && e.at <= text.chars().count() + 1);
            }
        }
    }
}
