//! The work of an export, for a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::subject::ExportSubject;
use crate::engine;
use crate::figure::{
    FigureFile, FigureFormat, FigureRun, FigureScene, FigureStyle, FigureWishes, Figures, FilmFormat, FilmSpec, film,
};
use crate::file::{Progress, make_folder, save as write};
use crate::gui::files::FileOutcome;
use crate::picture::sheet::SheetPainter;
use crate::text::count;

/// Something to be done on a thread.
pub type ExportJob = Box<dyn FnOnce() -> Option<FileOutcome> + Send>;

/// Asks with the system's dialog where it should go.
pub fn browse(subject: &ExportSubject, path: &str) -> ExportJob {
    let (folder, name) = (subject.is_folder(), subject.name());
    let from = Path::new(path).parent().map(Path::to_owned).unwrap_or_default();
    Box::new(move || {
        let dialog = rfd::FileDialog::new().set_directory(from);
        let named = if folder { dialog.pick_folder() } else { dialog.set_file_name(name).save_file() };
        named.map(FileOutcome::ExportPath)
    })
}

/// Draws the picture for the clipboard.
pub fn copy(subject: ExportSubject, scene: FigureScene, wishes: FigureWishes, style: FigureStyle) -> ExportJob {
    Box::new(move || {
        let ExportSubject::View { view, .. } = subject else { return None };
        let figures = Figures { scene, options: wishes.options, style };
        Some(match figures.picture(view, &mut SheetPainter::default()) {
            Ok(picture) => {
                let size = [picture.width, picture.height];
                FileOutcome::PictureToCopy(egui::ColorImage::from_rgba_unmultiplied(size, &picture.rgba))
            }
            Err(problem) => FileOutcome::Exported(Err(problem)),
        })
    })
}

/// Makes the files and writes them.
pub fn save(
    subject: ExportSubject,
    scene: FigureScene,
    wishes: FigureWishes,
    style: FigureStyle,
    path: PathBuf,
    progress: Arc<Progress>,
) -> ExportJob {
    Box::new(move || {
        let result = match subject {
            ExportSubject::View { view, format } => {
                let figures = Figures { scene, options: wishes.options, style };
                check(&path, format).and_then(|name| {
                    let files = figures.files(view, format, &name)?;
                    write_all(path.parent().unwrap_or(Path::new("")), &files)
                })
            }
            ExportSubject::Everything => {
                let figures = Figures { scene, options: wishes.options, style };
                figures.everything(&progress).and_then(|files| {
                    make_folder(&path)?;
                    write_all(&path, &files)?;
                    Ok(format!(
                        "Saved {} to {}; index.html shows them.",
                        count(files.len() as u64, "file"),
                        path.display()
                    ))
                })
            }
            ExportSubject::Film { spec, format } => {
                make_film((&spec, format), &scene, wishes, &style, &path, &progress)
            }
        };
        // whoever stopped it knows, and may have opened another sheet since
        (!progress.stopped()).then_some(FileOutcome::Exported(result))
    })
}

/// The name of the file, if it ends as its format does.
fn check(path: &Path, format: FigureFormat) -> Result<String, String> {
    if FigureFormat::of(path) != Some(format) {
        return Err(format!("The file is to be {}: end its name in .{}.", format.label(), format.key()));
    }
    Ok(path.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

fn write_all(folder: &Path, files: &[FigureFile]) -> Result<String, String> {
    files.iter().try_for_each(|file| write(&folder.join(&file.name), &file.bytes))?;
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    Ok(format!("Saved {} in {}.", names.join(", "), folder.display()))
}

fn make_film(
    (spec, format): (&FilmSpec, FilmFormat),
    scene: &FigureScene,
    wishes: FigureWishes,
    style: &FigureStyle,
    path: &Path,
    progress: &Progress,
) -> Result<String, String> {
    if FilmFormat::of(path) != Some(format) {
        let end =
            if format == FilmFormat::Frames { "no end: it is a folder".into() } else { format!(".{}", format.key()) };
        return Err(format!("The name of the film should have {end}."));
    }
    spec.check()?;
    progress.expect(spec.to + spec.frames());
    // the run goes on meanwhile: one thread is left for it
    let pool = engine::pool("film", engine::cores().saturating_sub(1).max(1))?;
    pool.install(|| {
        let options = wishes.options.clone();
        let mut run = FigureRun::new(Arc::clone(&scene.log), wishes, &[spec.view], progress)?;
        let frames = film(&mut run, (spec, format), (&options, style), path, progress)?;
        let hint = if format == FilmFormat::Frames { "; ffmpeg.txt has a line that makes a film of them" } else { "" };
        Ok(format!("Saved {} to {}{hint}.", count(frames, "frame"), path.display()))
    })
}
