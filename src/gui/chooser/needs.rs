//! Facts about each kind of task: its name, what one will see, and the settings that it begins with.

use crate::task::TaskKind;
use crate::train::Settings;
use crate::train::settings::preset;

/// Name on the card.
pub fn name(kind: TaskKind) -> &'static str {
    kind.label()
}

/// The line on the card.
pub fn line(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Trains => "Random inputs; outputs should spike at given steps",
        TaskKind::Digits => "Drawn by the program: no file is needed",
        TaskKind::YinYang => "Three classes in the plane, and a live decision map",
        TaskKind::Images => "MNIST and similar sets: bright pixels spike early",
        TaskKind::Nmnist => "Digits recorded by an event camera",
        TaskKind::Own => "Your inputs and targets, .npz or .csv",
        TaskKind::Picture => "A network draws your picture with its spikes",
    }
}

/// A description of the kind, below the cards.
pub fn about(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Trains => {
            "The built-in experiment: random input spike trains, and five outputs that should spike exactly where \
             their rings are. In the raster you see each spike move towards its target, appear or vanish."
        }
        TaskKind::Digits => {
            "Digits that the program draws itself, no two alike. Each of the 28 × 28 pixels spikes at most once, the \
             brighter the earlier, and the output of the digit should be the first to spike. The accuracy rises from \
             epoch to epoch; the Samples panel shows which digits are still misclassified."
        }
        TaskKind::YinYang => {
            "Points in the plane belong to yin, yang or the dots, three classes that no line separates. The two \
             coordinates and their complements to 1 are one spike each. The decision map shows live how the network \
             divides the plane: the predicted class by colour, the time of the first output spike by brightness."
        }
        TaskKind::Images => {
            "Four IDX files of MNIST, Fashion-MNIST or EMNIST in one folder, as published. Each pixel spikes at most \
             once, the brighter the earlier."
        }
        TaskKind::Nmnist => {
            "Handwritten digits recorded by an event camera: 34 × 34 pixels with two polarities, 300 ms long. \
             Recordings are read as they are needed, so memory does not grow with the set."
        }
        TaskKind::Own => "Your inputs and the spike trains that they should produce, or a labelled set in one archive.",
        TaskKind::Picture => {
            "Random input spikes, and one output for each row of a picture, which should spike where the pixels are \
             dark. As the network learns, the picture appears in the raster."
        }
    }
}

/// The preset that a kind begins with.
fn preset_key(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Trains => "trains",
        TaskKind::Digits => "digits",
        TaskKind::YinYang => "yin-yang",
        TaskKind::Images => "mnist",
        TaskKind::Nmnist => "nmnist",
        TaskKind::Own => "own",
        TaskKind::Picture => "picture",
    }
}

/// Sensible settings for a kind; seed and rule stay as in `form`.
pub fn settings_for(kind: TaskKind, form: &Settings) -> Settings {
    let mut settings = preset(preset_key(kind)).map_or_else(|| form.clone(), |p| (p.make)());
    if settings.task.kind != kind {
        settings.task.set_kind(kind);
    }
    (settings.run.seed, settings.rule.rule) = (form.run.seed, form.rule.rule);
    settings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Rule;

    #[test]
    fn each_kind_begins_with_sound_settings_of_its_own() {
        let mut form = Settings::default();
        (form.run.seed, form.rule.rule) = (7, Rule::Timing);
        for kind in TaskKind::ALL {
            let settings = settings_for(kind, &form);
            assert_eq!(settings.task.kind, kind);
            assert_eq!((settings.run.seed, settings.rule.rule), (7, Rule::Timing));
            assert_eq!(settings.check(), Ok(()), "{kind:?}");
            assert!(preset(preset_key(kind)).is_some(), "{kind:?}");
        }
    }
}
