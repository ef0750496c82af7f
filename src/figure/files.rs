//! The files of a figure: pictures and data, each with what made it.

use std::path::Path;

use serde_json::json;

use super::line;
use super::options::{FigureOptions, FigureView};
use super::scene::FigureScene;
use super::style::FigureStyle;
use crate::named::named;
use crate::picture::Bitmap;
use crate::picture::sheet::{Sheet, SheetFacts, SheetPainter};
use crate::train::settings::toml_write::PROGRAM;

named! {
    /// A kind of file, by the end of its name.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum FigureFormat {
        /// Vectors for the web and for editing; text is text.
        Svg => "svg", "SVG";
        /// Vectors for papers; text is text.
        Pdf => "pdf", "PDF";
        /// Pixels, as many to an inch as the style says.
        Png => "png", "PNG";
        /// The numbers as a table.
        Csv => "csv", "CSV";
        /// The numbers as arrays for NumPy.
        Npz => "npz", "NPZ";
    }
}

impl FigureFormat {
    /// By the end of a file's name.
    pub fn of(path: &Path) -> Option<Self> {
        Self::from_key(&path.extension()?.to_str()?.to_ascii_lowercase())
    }
}

/// A file that is still to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The figures of a moment.
#[derive(Clone)]
pub struct Figures {
    pub scene: FigureScene,
    pub options: FigureOptions,
    pub style: FigureStyle,
}

impl Figures {
    /// The files of a view under `name`, which ends as its format does: the picture or the data, beside a table what made it,
    /// and the log of the run where a figure cannot be made again without it.
    ///
    /// # Errors
    /// When there is nothing to be drawn yet.
    pub fn files(&self, view: FigureView, format: FigureFormat, name: &str) -> Result<Vec<FigureFile>, String> {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let log = format!("{stem}.log.toml");
        let mut files = self.with_log(view, format, name, &log)?;
        if !line::is_plain(&self.scene.log) {
            files.push(FigureFile { name: log, bytes: self.scene.log.to_toml().into_bytes() });
        }
        Ok(files)
    }

    /// The same where the log has a name of its own.
    pub(super) fn with_log(
        &self,
        view: FigureView,
        format: FigureFormat,
        name: &str,
        log: &str,
    ) -> Result<Vec<FigureFile>, String> {
        let line = self.line(view, format, name, log);
        let file = |name: &str, bytes| FigureFile { name: name.to_owned(), bytes };
        let facts = self.facts(view, line);
        let unmade = |e: png::EncodingError| format!("The picture cannot be made: {e}.");
        Ok(match format {
            FigureFormat::Svg => vec![file(name, self.sheet(view)?.svg(&facts).map_err(unmade)?.into_bytes())],
            FigureFormat::Pdf => vec![file(name, self.sheet(view)?.pdf(&facts)?)],
            FigureFormat::Png => {
                vec![file(name, self.sheet(view)?.png(self.style.scale(), &facts).map_err(unmade)?)]
            }
            FigureFormat::Npz => vec![file(name, super::table(view, &self.scene, &self.options)?.npz(&facts.json)?)],
            FigureFormat::Csv => {
                let table = super::table(view, &self.scene, &self.options)?;
                let head: String = [facts.title, facts.origin]
                    .iter()
                    .chain(&table.legend())
                    .map(|line| format!("# {line}\n"))
                    .collect();
                let settings = head + "\n" + &self.scene.frame.settings.to_toml();
                vec![file(name, table.csv().into_bytes()), file(&format!("{name}.toml"), settings.into_bytes())]
            }
        })
    }

    /// The marks of a view.
    ///
    /// # Errors
    /// When there is nothing to be drawn yet.
    pub fn sheet(&self, view: FigureView) -> Result<Sheet, String> {
        super::sheet(view, &self.scene, &self.options, &self.style)
    }

    /// The picture of a view in pixels.
    ///
    /// # Errors
    /// When there is nothing to be drawn yet.
    pub fn picture(&self, view: FigureView, painter: &mut SheetPainter) -> Result<Bitmap, String> {
        Ok(painter.picture(&self.sheet(view)?, self.style.scale()))
    }

    /// As in "Raster, update 300, ANTLR, seed 0".
    pub fn title(&self, view: FigureView) -> String {
        super::title(view, &self.scene)
    }

    /// The line for the shell that makes this file again.
    pub fn line(&self, view: FigureView, format: FigureFormat, name: &str, log: &str) -> String {
        let arguments = line::arguments(view, &self.scene, &self.options, log);
        let look = match format {
            FigureFormat::Csv | FigureFormat::Npz => String::new(),
            _ => line::look(&self.style, format == FigureFormat::Png),
        };
        format!("spikescape export{arguments}{look} -o {}", line::quoted(name))
    }

    fn facts(&self, view: FigureView, line: String) -> SheetFacts {
        let settings = &self.scene.frame.settings;
        let json = json!({
            "program": PROGRAM,
            "view": view.key(),
            "update": self.scene.update_of(view),
            "seed": settings.run.seed,
            "line": line,
            "settings": settings.to_toml(),
        });
        SheetFacts { title: self.title(view), program: PROGRAM.into(), origin: line, json: json.to_string() }
    }
}
