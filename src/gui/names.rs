//! The names of things and the sentences about them, the same in every panel.

use crate::engine::Frame;
pub use crate::snn::text::layer_name;
use crate::task::{Split, Task, TaskKind, yin_yang};
use crate::text;
use crate::train::Readout;

/// The name that all panels use for a neuron, as in "hidden 7" or "hidden 2, 7".
pub fn neuron_name(frame: &Frame, layer: usize, unit: usize) -> String {
    let output = layer + 1 == frame.spikes.len();
    let name = layer_name(layer, layer + if output { 1 } else { 2 }, &frame.net.layers);
    let comma = if output || layer == 0 { "" } else { "," };
    format!("{name}{comma} {unit}")
}

/// The purpose of a part.
pub fn part_use(part: Split) -> &'static str {
    match part {
        Split::Train => "training",
        Split::Validation => "validation, by which the best epoch is chosen",
        Split::Test => "testing, used neither to learn from nor to choose by",
    }
}

/// The name of a readout.
pub fn readout_name(readout: Readout) -> &'static str {
    match readout {
        Readout::First => "first spike",
        Readout::Count => "count",
    }
}

/// How a class is read.
pub fn readout_hint(readout: Readout) -> &'static str {
    match readout {
        Readout::First => "The predicted class is the one whose output spikes first",
        Readout::Count => "The predicted class is the one whose output spikes most",
    }
}

/// The name of a class.
pub fn class_name(kind: TaskKind, class: usize) -> String {
    match yin_yang::CLASSES.get(class) {
        Some(name) if kind == TaskKind::YinYang => (*name).to_owned(),
        _ => class.to_string(),
    }
}

/// Why there is no accuracy to be shown yet.
pub fn no_accuracy(task: &Task, batches: u64) -> String {
    if task.len(Split::Validation) == 0 {
        return "No samples are kept for validation: set some aside in the Experiment panel, under Task, and restart"
            .into();
    }
    let updates = if batches == 1 { "1 update".to_owned() } else { format!("{} updates", text::whole(batches)) };
    format!("No epoch has ended yet: validation runs at the end of every epoch ({updates})")
}

#[cfg(test)]
mod tests {
    use super::layer_name;

    #[test]
    fn layers_have_names() {
        let names = |n: usize| (0..n).map(|l| layer_name(l, n, &[])).collect::<Vec<_>>();
        assert_eq!(names(1), ["output"]);
        assert_eq!(names(3), ["hidden", "hidden 2", "output"]);
        let net = crate::snn::text::parse("1x8x8 - conv2k3 - avg2 - flatten - fc9 - fc3").unwrap();
        let names: Vec<_> = (0..5).map(|l| layer_name(l, 5, &net.layers)).collect();
        assert_eq!(names, ["conv2k3 (1)", "avg2 (2)", "flatten (3)", "hidden 4", "output"]);
    }
}
