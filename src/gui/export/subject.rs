//! What is exported: a view, everything, or a film.

use crate::figure::{FigureFormat, FigureView, FilmFormat, FilmSpec};

/// What is exported.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportSubject {
    View { view: FigureView, format: FigureFormat },
    Everything,
    Film { spec: FilmSpec, format: FilmFormat },
}

impl ExportSubject {
    /// The title of the sheet.
    pub fn title(&self) -> String {
        match self {
            Self::View { view, .. } => format!("Export {}", view.label().to_lowercase()),
            Self::Everything => "Export everything".into(),
            Self::Film { .. } => "Film".into(),
        }
    }

    /// The name of its file or folder, to begin with.
    pub fn name(&self) -> String {
        match self {
            Self::View { view, format } => format!("{}.{}", view.key(), format.key()),
            Self::Everything => "figures".into(),
            Self::Film { spec, format: FilmFormat::Frames } => format!("{}-frames", spec.view.key()),
            Self::Film { spec, format } => format!("{}.{}", spec.view.key(), format.key()),
        }
    }

    /// Whether it goes to a folder.
    pub fn is_folder(&self) -> bool {
        matches!(self, Self::Everything | Self::Film { format: FilmFormat::Frames, .. })
    }

    /// Whether pixels to an inch make a difference.
    pub fn has_pixels(&self) -> bool {
        !matches!(self, Self::View { format, .. } if *format != FigureFormat::Png)
    }

    /// Whether colours, width and font make a difference.
    pub fn has_look(&self) -> bool {
        !matches!(self, Self::View { format: FigureFormat::Csv | FigureFormat::Npz, .. })
    }
}

/// The path with the end, or the name, that another format has.
pub fn renamed(path: &str, before: &ExportSubject, after: &ExportSubject) -> String {
    match path.strip_suffix(&before.name()) {
        Some(folder) => format!("{folder}{}", after.name()),
        None => {
            let end = |subject: &ExportSubject| subject.name().rsplit_once('.').map(|(_, end)| format!(".{end}"));
            let stem = end(before).and_then(|end| path.strip_suffix(&end)).unwrap_or(path);
            stem.to_owned() + &end(after).unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_format_has_another_end() {
        let view = |format| ExportSubject::View { view: FigureView::Raster, format };
        let (svg, pdf) = (view(FigureFormat::Svg), view(FigureFormat::Pdf));
        assert_eq!(renamed("/a/raster.svg", &svg, &pdf), "/a/raster.pdf");
        assert_eq!(renamed("/a/mine.svg", &svg, &pdf), "/a/mine.pdf");
        assert_eq!(renamed("/a/mine", &svg, &pdf), "/a/mine.pdf");
        let film = |format| {
            let spec = FilmSpec { view: FigureView::Curves, from: 0, to: 9, every: 1, rate: 20 };
            ExportSubject::Film { spec, format }
        };
        let frames = film(FilmFormat::Frames);
        assert_eq!(renamed("curves.gif", &film(FilmFormat::Gif), &frames), "curves-frames");
        assert_eq!(renamed("x.gif", &film(FilmFormat::Gif), &frames), "x");
        assert_eq!(renamed("x", &frames, &film(FilmFormat::Gif)), "x.gif");
    }
}
