//! The line for the shell that makes a figure again.

use std::fmt::Write;

use super::options::{FigureOptions, FigureSpan, FigureView};
use super::scene::{FigureLandscape, FigureScene};
use super::style::{FigureStyle, FigureTheme};
use crate::engine::Centre;
use crate::landscape::{CellColour, Circle, LossSamples};
use crate::picture::solid::Viewpoint;
use crate::record::Log;
use crate::task::TimeUnit;
use crate::train::Settings;
use crate::train::settings::Change;

/// Whether the settings alone make the run again; otherwise its log is needed.
pub fn is_plain(log: &Log) -> bool {
    log.entries.is_empty() && log.weights.is_none() && assignments(&log.start).is_some()
}

/// The settings that differ from those of the built-in experiment, as the command line takes them; `None` where these would
/// not come to the same settings.
fn assignments(settings: &Settings) -> Option<Vec<(&'static str, String)>> {
    let changes = Change::between(&Settings::default(), settings);
    let assignments: Vec<_> = changes.iter().map(|change| (change.field.key, change.value.to_text())).collect();
    let mut made = Settings::default();
    assignments.iter().try_for_each(|(key, value)| made.set_text(key, value)).ok()?;
    (made == *settings).then_some(assignments)
}

/// The line, without the program's name and the file that comes out; `log` is the name of the run's log, where it is needed.
pub fn arguments(view: FigureView, scene: &FigureScene, options: &FigureOptions, log: &str) -> String {
    let mut line = source(scene, log);
    let update = scene.update_of(view);
    write!(line, " --view {} --at {update}", view.key()).expect("a String takes everything");
    line + &choices(view, scene, options)
}

/// Where the run comes from.
fn source(scene: &FigureScene, log: &str) -> String {
    match assignments(&scene.log.start).filter(|_| is_plain(&scene.log)) {
        Some(assignments) => {
            let set = |(key, value): (&str, String)| format!(" --set {}", quoted(&format!("{key}={value}")));
            let set: String = assignments.into_iter().map(set).collect();
            format!("{set} --updates {}", scene.newest())
        }
        None => format!(" {}", quoted(log)),
    }
}

/// What is shown of the view, where it is not what is shown without a word.
pub fn choices(view: FigureView, scene: &FigureScene, options: &FigureOptions) -> String {
    let mut line = String::new();
    let mut say = |word: String| {
        line.push(' ');
        line += &word;
    };
    let span = matches!(view, FigureView::Raster if options.changes) || view == FigureView::Changes;
    if span && options.span != FigureSpan::Last {
        say(format!("--span {}", options.span.key()));
        if options.span == FigureSpan::Back {
            say(format!("--look-back {}", options.look_back));
        }
    }
    match view {
        FigureView::Raster if !options.changes => say("--no-changes".into()),
        FigureView::Raster | FigureView::DecisionMap => {}
        FigureView::Potential => {
            if let Some((layer, unit)) = options.neuron {
                say(format!("--neuron {layer}/{unit}"));
            }
        }
        FigureView::Curves => {
            say(format!("--curve {}", options.curve.key()));
            if options.log_curve {
                say("--log".into());
            }
        }
        FigureView::Changes => {
            if let Some(layer) = options.layer {
                say(format!("--layer {layer}"));
            }
        }
        FigureView::Landscape => {
            if let Some(landscape) = &scene.landscape {
                say(plane(landscape, options));
            }
        }
        FigureView::Accuracy | FigureView::Samples => {
            if let Some(answers) = &scene.answers {
                say(format!("--split {}", answers.split.key()));
            }
        }
    }
    if view == FigureView::Samples && options.wrong_first {
        say("--wrong-first".into());
    }
    if let (FigureView::DecisionMap, Some(cells)) = (view, &scene.cells) {
        say(format!("--points {}", cells.points));
    }
    if options.time_unit == TimeUnit::Ms && matches!(view, FigureView::Raster | FigureView::Potential) {
        say("--unit ms".into());
    }
    line
}

fn plane(m: &FigureLandscape, options: &FigureOptions) -> String {
    let spec = &m.spec;
    let mut words = vec![
        format!("--plane {}", spec.plane),
        format!("--range {}", spec.grid.range),
        format!("--points {}", spec.grid.points),
    ];
    if spec.seed != 0 {
        words.push(format!("--directions {}", spec.seed));
    }
    if spec.over != LossSamples::Batch {
        words.push(format!("--over {}", spec.over));
    }
    if spec.centre != Centre::Now && m.update != m.at {
        words.push(format!("--centre {}", m.update));
    }
    if options.log_colours {
        words.push("--log".into());
    }
    if options.colour != CellColour::Loss {
        words.push(format!("--colour {}", options.colour));
    }
    if let (Some(Circle { centre: [a, b], radius, .. }), None) = (options.circle, options.surface) {
        words.push(format!("--circle {a},{b},{radius}"));
    }
    if let Some([turn, tilt]) = options.surface {
        let usual = Viewpoint::default();
        words.push("--surface".into());
        if [turn, tilt] != [usual.azimuth, usual.elevation] {
            words.push(format!("--turn {turn} --tilt {tilt}"));
        }
    } else if options.levels {
        words.push("--levels".into());
    }
    words.join(" ")
}

/// The look, where it is not that of paper at its usual size; pixels to an inch where the file has any.
pub fn look(style: &FigureStyle, pixels: bool) -> String {
    let usual = FigureStyle::default();
    let mut line = String::new();
    if style.theme != FigureTheme::Print {
        line += &format!(" --theme {}", style.theme.key());
    }
    for (name, value, usual) in [("width", style.width, usual.width), ("font", style.font, usual.font)] {
        if value != usual {
            line += &format!(" --{name} {value}");
        }
    }
    if style.title && style.theme == FigureTheme::Print {
        line += " --title";
    }
    if pixels && style.dpi != usual.dpi {
        line += &format!(" --dpi {}", style.dpi);
    }
    line
}

/// A word that every shell of POSIX takes as it is.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+%@".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_become_assignments_that_come_to_the_same() {
        let mut settings = Settings::default();
        assert_eq!(assignments(&settings), Some(Vec::new()));
        settings.set_text("run.seed", "7").unwrap();
        settings.set_text("rule.rule", "timing").unwrap();
        let made = assignments(&settings).unwrap();
        assert!(made.contains(&("run.seed", "7".into())) && made.contains(&("rule.rule", "timing".into())), "{made:?}");
    }

    #[test]
    fn every_preset_is_made_again_by_assignments() {
        for preset in crate::train::settings::PRESETS {
            assert!(assignments(&(preset.make)()).is_some(), "{}", preset.key);
        }
    }

    #[test]
    fn words_are_quoted_where_a_shell_would_take_them_apart() {
        assert_eq!(["a=0.5", "a b", "it's", ""].map(quoted), ["a=0.5", "'a b'", "'it'\\''s'", "''"]);
    }
}
