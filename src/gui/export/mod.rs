//! Figures and films for files: a sheet asks how and where, and a thread makes them, because the window never waits.
//!
//! `subject` is what is exported, `sheet` asks, `work` makes the files.

mod sheet;
mod subject;
mod work;

use std::path::PathBuf;
use std::sync::Arc;

use egui::Context;

pub use self::subject::ExportSubject;
use self::work::ExportJob;
use crate::figure::{FigureScene, FigureStyle, FigureWishes};
use crate::file::Progress;
use crate::gui::action::{Action, ExportAction};
use crate::gui::theme::Palette;

/// Pixels to an inch of a film.
const SCREEN: f32 = 110.0;

/// The sheet, if one is open, and what it asked for.
#[derive(Default)]
pub struct ExportSheets {
    /// How figures look.
    pub style: FigureStyle,
    sheet: Option<ExportSheet>,
    wish: Option<ExportWish>,
    /// What is to be exported once the log of the run is there.
    awaited: Option<(ExportSubject, bool)>,
}

/// The sheet that is open.
struct ExportSheet {
    subject: ExportSubject,
    scene: FigureScene,
    wishes: FigureWishes,
    style: FigureStyle,
    path: String,
    problem: Option<String>,
    /// Of what is being made.
    progress: Option<Arc<Progress>>,
}

/// A button of the sheet that was pressed. It waits for the next [`ExportSheets::begin`]: nothing is begun while the window is
/// drawn.
enum ExportWish {
    Browse,
    Save,
    Copy,
}

impl ExportSheets {
    pub fn new(style: FigureStyle) -> Self {
        Self { style: style.within(), ..Self::default() }
    }

    /// Something is to be exported as soon as the log of the run is there; to the clipboard, or by a sheet.
    pub fn await_log(&mut self, subject: ExportSubject, copy: bool) {
        self.awaited = Some((subject, copy));
    }

    /// What the next log is for, if not for the user.
    pub fn awaited(&mut self) -> Option<(ExportSubject, bool)> {
        self.awaited.take()
    }

    /// Opens the sheet.
    pub fn open(&mut self, subject: ExportSubject, scene: FigureScene, wishes: FigureWishes) {
        let folder = std::env::current_dir().unwrap_or_default();
        let path = folder.join(subject.name()).to_string_lossy().into_owned();
        let dpi = if matches!(subject, ExportSubject::Film { .. }) { SCREEN } else { self.style.dpi };
        let style = FigureStyle { dpi, ..self.style };
        self.sheet = Some(ExportSheet { subject, scene, wishes, style, path, problem: None, progress: None });
    }

    pub fn is_open(&self) -> bool {
        self.sheet.is_some()
    }

    /// Whether something is being made.
    pub fn is_busy(&self) -> bool {
        self.sheet.as_ref().is_some_and(|sheet| sheet.progress.is_some())
    }

    /// What is to be done on a thread now.
    pub fn begin(&mut self) -> Option<ExportJob> {
        let (wish, sheet) = (self.wish.take()?, self.sheet.as_mut()?);
        Some(match wish {
            ExportWish::Browse => work::browse(&sheet.subject, &sheet.path),
            ExportWish::Copy => {
                work::copy(sheet.subject.clone(), sheet.scene.clone(), sheet.wishes.clone(), sheet.style)
            }
            ExportWish::Save => {
                let progress = Arc::new(Progress::default());
                (sheet.progress, sheet.problem) = (Some(Arc::clone(&progress)), None);
                let path = PathBuf::from(sheet.path.trim());
                work::save(
                    sheet.subject.clone(),
                    sheet.scene.clone(),
                    sheet.wishes.clone(),
                    sheet.style,
                    path,
                    progress,
                )
            }
        })
    }

    /// A picture for the clipboard, without a sheet.
    pub fn copy(&self, subject: ExportSubject, scene: FigureScene, wishes: FigureWishes) -> ExportJob {
        work::copy(subject, scene, wishes, self.style)
    }

    /// The path that the system's dialog named.
    pub fn name(&mut self, path: PathBuf) {
        if let Some(sheet) = &mut self.sheet {
            sheet.path = path.to_string_lossy().into_owned();
        }
    }

    /// What was asked for is made, or cannot be: then the sheet says why.
    pub fn done(&mut self, result: Result<String, String>) -> Option<String> {
        match result {
            Ok(text) => {
                self.sheet = None;
                Some(text)
            }
            Err(problem) => match &mut self.sheet {
                Some(sheet) => {
                    (sheet.problem, sheet.progress) = (Some(problem), None);
                    None
                }
                None => Some(problem),
            },
        }
    }

    /// Draws the sheet.
    pub fn show(&mut self, ctx: &Context, theme: &Palette, actions: &mut Vec<Action>) {
        let Some(sheet) = &mut self.sheet else { return };
        let before = sheet.style;
        let answer = sheet::show(ctx, theme, sheet);
        if sheet.style != before && !matches!(sheet.subject, ExportSubject::Film { .. }) {
            actions.push(ExportAction::Style(sheet.style).into());
        }
        if answer.closed {
            if let Some(progress) = &sheet.progress {
                progress.stop();
            }
            self.sheet = None;
        } else if answer.wish.is_some() {
            self.wish = answer.wish;
            ctx.request_repaint();
        }
    }
}
