//! What the chooser knows of each kind of task: its name, what one will see, and the settings that it begins with.

use crate::task::TaskKind;
use crate::train::Settings;
use crate::train::settings::preset;

/// Name on the card.
pub fn name(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Trains => "Spike trains",
        TaskKind::Digits => "Built-in digits",
        TaskKind::YinYang => "Yin-Yang",
        TaskKind::Images => "Images",
        TaskKind::Nmnist => "N-MNIST",
        TaskKind::Own => "Own spike trains",
        TaskKind::Picture => "Picture",
    }
}

/// The line on the card.
pub fn line(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Trains => "Random spikes in, each spike wanted at its step",
        TaskKind::Digits => "Written by the program: no file is needed",
        TaskKind::YinYang => "Three classes in the plane, and a live map of it",
        TaskKind::Images => "MNIST and its kin: bright pixels spike early",
        TaskKind::Nmnist => "Digits that an event camera recorded",
        TaskKind::Own => "Your inputs and targets, .npz, .csv or .h5",
        TaskKind::Picture => "A network draws your picture with its spikes",
    }
}

/// What it is and what one will see, below the cards.
pub fn about(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Trains => {
            "The built-in experiment: random input spike trains, and five outputs that should spike exactly where \
             their rings are. In the raster one sees every spike wander to its target, appear, or die."
        }
        TaskKind::Digits => {
            "Digits that the program draws itself, no two alike. Each of the 28 × 28 pixels spikes at most once, the \
             brighter the earlier, and the output of the digit should be the first to spike. The accuracy rises from \
             epoch to epoch; the samples show which digits are still taken for others."
        }
        TaskKind::YinYang => {
            "Points of the plane belong to yin, yang or the dots, and no line parts these. Two coordinates and their \
             opposites are one spike each. The decision map shows live how the network divides the plane: the class by \
             colour, the time of the first output spike by brightness."
        }
        TaskKind::Images => {
            "Four IDX files of MNIST, Fashion-MNIST or EMNIST in one folder, as they are published. Each pixel spikes \
             at most once, the brighter the earlier."
        }
        TaskKind::Nmnist => {
            "Handwritten digits as an event camera saw them: 34 × 34 pixels of two polarities, 300 ms long. A recording \
             is read when it is its turn, so memory does not grow with the set."
        }
        TaskKind::Own => "Your inputs and the spike trains they are to produce, or a labelled set in one archive.",
        TaskKind::Picture => {
            "Random input spikes, and one output for each row of a picture: dark pixels are where it should spike. \
             While it learns, the picture appears in the raster."
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
