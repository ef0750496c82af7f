//! Everything that can be exported of a moment, as a folder with a page that shows it.

use super::files::{FigureFile, FigureFormat, Figures};
use super::options::FigureView;
use crate::file::Progress;
use crate::train::settings::toml_write::PROGRAM;

/// The name of the run's log in the folder.
const LOG: &str = "run.log.toml";

impl Figures {
    /// All views in all formats, the log of the run, and `index.html`. `progress` counts files, and can stop it.
    ///
    /// # Errors
    /// When it was stopped, or a file cannot be made.
    pub fn everything(&self, progress: &Progress) -> Result<Vec<FigureFile>, String> {
        self.of_views(&self.scene.views(), progress)
    }

    /// The same of some views.
    ///
    /// # Errors
    /// When it was stopped, or a file cannot be made.
    pub fn of_views(&self, views: &[FigureView], progress: &Progress) -> Result<Vec<FigureFile>, String> {
        progress.expect((views.len() * FigureFormat::ALL.len()) as u64);
        let mut files = Vec::new();
        for &view in views {
            for format in FigureFormat::ALL {
                progress.check().map_err(|_| super::measure::STOPPED.to_owned())?;
                let name = format!("{}.{}", view.key(), format.key());
                // a curve without a value, as of accuracies before the first epoch, is no reason to give up the rest
                match self.with_log(view, format, &name, LOG) {
                    Ok(some) => files.extend(some),
                    Err(_) if view == FigureView::Curves => {}
                    Err(problem) => return Err(problem),
                }
                progress.add(1);
            }
        }
        files.push(FigureFile { name: LOG.into(), bytes: self.scene.log.to_toml().into_bytes() });
        let page = index(self, &files);
        files.push(FigureFile { name: "index.html".into(), bytes: page.into_bytes() });
        Ok(files)
    }
}

/// The page: every view with links to its files and the line that makes it again.
fn index(figures: &Figures, files: &[FigureFile]) -> String {
    let title =
        format!("Run with seed {}, update {}", figures.scene.frame.settings.run.seed, figures.scene.frame.update);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<style>\nbody {{ font: 16px \
         sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em }}\nimg {{ max-width: 100%; border: 1px solid #ccc \
         }}\npre {{ white-space: pre-wrap; background: #f3f4f6; padding: 0.6em }}\n</style>\n<h1>{title}</h1>\n<p>{PROGRAM}. \
         The run: <a href=\"{LOG}\">{LOG}</a>.</p>\n"
    );
    for view in figures.scene.views() {
        let picture = format!("{}.svg", view.key());
        if !files.iter().any(|file| file.name == picture) {
            continue;
        }
        let link = |format: &FigureFormat| {
            let name = format!("{}.{}", view.key(), format.key());
            format!("<a href=\"{name}\">{}</a>", format.label())
        };
        let links: Vec<String> = FigureFormat::ALL.iter().map(link).collect();
        let line = figures.line(view, FigureFormat::Svg, &picture, LOG);
        out += &format!(
            "<h2>{0}</h2>\n<p><img src=\"{picture}\" alt=\"{0}\"></p>\n<p>{1}</p>\n<pre>{2}</pre>\n",
            figures.title(view),
            links.join(" · "),
            line.replace('&', "&amp;").replace('<', "&lt;")
        );
    }
    out + "</html>\n"
}
