//! Files dropped onto the window: the only place that decides what happens with them.

use std::path::{Path, PathBuf};

use egui::{Context, FontId, Id, LayerId, Order, Rect, Stroke, StrokeKind, vec2};

use crate::file;
use crate::gui::action::{Action, FileAction, LessonAction, SessionAction, TaskAction, WindowAction};
use crate::gui::theme::{self, Palette};
use crate::lesson::{Lesson, is_lesson};
use crate::session;
use crate::task::{TaskKind, recognise};

/// The kinds of files that can be dropped, in words.
const WHAT: &str = "a folder with IDX images, N-MNIST or a sweep, spike trains (.npz, .csv, .h5), a picture (.png, .jpg), \
                    settings, a log or a lesson (.toml), a checkpoint or weights (.safetensors), a session (.spikescape)";

/// Files and folders dropped since the last frame.
pub fn paths(ctx: &Context) -> Vec<PathBuf> {
    ctx.input(|i| i.raw.dropped_files.iter().map(|file| file.path().to_owned()).collect())
}

/// The action for a file or folder that was dropped. Looks at the disk, so it must not run on the thread of the window.
pub fn wish(path: &Path) -> Action {
    let choose = |kind| TaskAction::Choose(Some((kind, path.to_owned()))).into();
    if path.join("plan.json").is_file() {
        return FileAction::OpenSweepAt(path.to_owned()).into();
    }
    if path.is_dir() {
        return recognise::folder(path).map_or_else(
            || {
                WindowAction::Notify(format!(
                    "{} contains neither IDX files such as train-images-idx3-ubyte nor the folders Train and Test of \
                     N-MNIST.",
                    path.display()
                ))
                .into()
            },
            choose,
        );
    }
    let ending = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "npz" | "csv" | "h5" | "hdf5" => choose(TaskKind::Own),
        "png" | "jpg" | "jpeg" => choose(TaskKind::Picture),
        "toml" => toml(path),
        session::ENDING => SessionAction::OpenAt(path.to_owned()).into(),
        "safetensors" => FileAction::OpenCheckpointAt(path.to_owned()).into(),
        _ => WindowAction::Notify(format!("{} cannot be opened here. Drop {WHAT}.", path.display())).into(),
    }
}

/// Whether this is the text of a log.
fn is_log(text: &str) -> bool {
    let says = |line: &str| line.trim_start().starts_with("format") && line.contains("\"spikescape log ");
    text.lines().any(says)
}

/// A lesson is opened, or what is wrong with it is said; a log is replayed; everything else in TOML is settings.
fn toml(path: &Path) -> Action {
    let name = path.display().to_string();
    match file::read_text(path, file::TEXT_LIMIT) {
        Ok(text) if is_lesson(&text) => match Lesson::read(&name, &text) {
            Ok(lesson) => LessonAction::Begin(Box::new(lesson)).into(),
            Err(problems) => {
                let first = problems.first().map(ToString::to_string).unwrap_or_default();
                WindowAction::Notify(format!("{first} `spikescape lesson check` says everything.")).into()
            }
        },
        Ok(text) if is_log(&text) => SessionAction::OpenLogAt(path.to_owned()).into(),
        _ => FileAction::OpenSettingsAt(path.to_owned()).into(),
    }
}

/// While something is held over the window: says what can be dropped.
pub fn overlay(ctx: &Context, theme: &Palette) {
    if ctx.input(|i| i.raw.hovered_files.is_empty()) {
        return;
    }
    let painter = ctx.layer_painter(LayerId::new(Order::Tooltip, Id::unique("Drop")));
    let window = ctx.content_rect();
    painter.rect_filled(window, 0.0, theme.ground.gamma_multiply(0.85));
    painter.rect_stroke(window.shrink(12.0), 8.0, Stroke::new(2.0, theme.focus), StrokeKind::Inside);
    let layout = |text: String, colour| {
        painter.layout(text, FontId::proportional(theme::TEXT), colour, (window.width() - 120.0).max(100.0))
    };
    let (title, text) = (layout("Drop it here".to_owned(), theme.ink), layout(capital(WHAT), theme.faint));
    // what lies beneath would shine through the words
    let size = vec2(title.size().x.max(text.size().x), title.size().y + 6.0 + text.size().y);
    let sheet = Rect::from_center_size(window.center(), size);
    painter.rect(sheet.expand(16.0), 8.0, theme.panel, Stroke::new(1.0, theme.line), StrokeKind::Inside);
    painter.galley(sheet.center_top() - vec2(title.size().x / 2.0, 0.0), title, theme.ink);
    painter.galley(sheet.center_bottom() - text.size() * vec2(0.5, 1.0), text, theme.faint);
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_ending_has_its_wish() {
        let kind = |name: &str| match wish(Path::new(name)) {
            Action::Task(TaskAction::Choose(Some((kind, path)))) if path == Path::new(name) => Some(kind),
            _ => None,
        };
        assert_eq!(["a.npz", "b.CSV", "c.h5"].map(kind), [Some(TaskKind::Own); 3]);
        assert_eq!(["a.png", "b.jpeg"].map(kind), [Some(TaskKind::Picture); 2]);
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formats");
        for (name, log) in [("log-1.toml", true), ("log-2.toml", true), ("settings-2.toml", false)] {
            assert_eq!(wish(&tests.join(name)) == SessionAction::OpenLogAt(tests.join(name)).into(), log, "{name}");
        }
        assert_eq!(wish(Path::new("a.spikescape")), SessionAction::OpenAt("a.spikescape".into()).into());
        assert_eq!(wish(Path::new("s.toml")), FileAction::OpenSettingsAt("s.toml".into()).into());
        assert_eq!(wish(Path::new("c.safetensors")), FileAction::OpenCheckpointAt("c.safetensors".into()).into());
        for (name, words) in [("d.mat", "cannot be opened here"), ("e", "Drop")] {
            assert!(
                matches!(wish(Path::new(name)), Action::Window(WindowAction::Notify(text)) if text.contains(words)),
                "{name}"
            );
        }
        // the folder of the tests holds no data set
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        assert!(
            matches!(wish(&tests), Action::Window(WindowAction::Notify(text)) if text.contains("neither IDX files"))
        );
    }
}
