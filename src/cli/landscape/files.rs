//! Files of a landscape, each with the settings that made it.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::file::save;
use crate::landscape::{Grid, Landscape, MeasuredPoint};
use crate::picture::figure::{Figure, FigureMap};
use crate::record::npz::{self, Array, Values};
use crate::rule::Rule;
use crate::sweep::landscape::LandscapeScene;
use crate::train::settings::toml_write::PROGRAM;

use super::super::print::exact;
use super::super::table::Table;
use super::{Views, arrays};
use crate::text::count;

/// What was measured, for files.
pub struct Files<'a> {
    pub scene: &'a LandscapeScene,
    pub out: &'a [PathBuf],
    /// Points that were measured, where these are not all.
    pub measured: Option<usize>,
}

/// The kinds of file, by the end of the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Npz,
    Csv,
    Png,
    Svg,
}

impl Kind {
    fn of(path: &Path) -> Option<Self> {
        let end = path.extension()?.to_str()?.to_ascii_lowercase();
        [("npz", Self::Npz), ("csv", Self::Csv), ("png", Self::Png), ("svg", Self::Svg)]
            .into_iter()
            .find_map(|(name, kind)| (name == end).then_some(kind))
    }
}

/// Whether all names are of files that can be written: said before anything is measured.
pub fn check_names(out: &[PathBuf], table: bool, cut: bool) -> Result<(), String> {
    for path in out {
        let name = path.display();
        match Kind::of(path) {
            None => return Err(format!("{name} should end in .npz, .csv, .png or .svg: these can be written.")),
            Some(kind) if table && kind != Kind::Csv => {
                return Err(format!("{name} should end in .csv: the rows of a table are written as CSV."));
            }
            Some(Kind::Png | Kind::Svg) if cut => {
                return Err(format!(
                    "{name}: of a cut there are numbers alone, .npz or .csv; a picture shows a plane."
                ));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

impl Files<'_> {
    /// Writes all files of a plane.
    pub fn write_plane(&self, landscape: &Landscape, views: &Views) -> Result<(), String> {
        let (table, losses) = (arrays::of_landscape(landscape, views, self.scene.ask.fields), &self.scene.path_losses);
        let mut more = arrays::of_circulation(landscape);
        if !losses.is_empty() {
            more.extend(arrays::of_path(&self.scene.path, losses));
        }
        for file in self.out {
            match Kind::of(file) {
                Some(Kind::Npz) => self.npz(file, &table, &more)?,
                Some(Kind::Csv) => self.csv(file, &table)?,
                Some(Kind::Png) => {
                    let png = self.figure(landscape, views).png(&self.texts());
                    self.write(file, &png.map_err(|e| format!("The picture cannot be made: {e}."))?)?;
                }
                Some(Kind::Svg) => {
                    let metadata = self.facts().to_string();
                    let svg = self.figure(landscape, views).svg(&metadata);
                    self.write(file, svg.map_err(|e| format!("The picture cannot be made: {e}."))?.as_bytes())?;
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Writes all files of a cut.
    pub fn write_cut(&self, points: &[Option<MeasuredPoint>]) -> Result<(), String> {
        let table = arrays::of_cut(self.grid(), points, self.scene.ask.fields);
        for file in self.out {
            match Kind::of(file) {
                Some(Kind::Npz) => self.npz(file, &table, &[])?,
                Some(Kind::Csv) => self.csv(file, &table)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn grid(&self) -> Grid {
        self.scene.ask.grid()
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> Result<(), String> {
        save(path, bytes)
    }

    fn npz(&self, path: &Path, table: &[Array], more: &[Array]) -> Result<(), String> {
        let mut all = table.to_vec();
        all.extend_from_slice(more);
        all.extend(arrays::of_plane(&self.scene.measurement.objective.net, &self.scene.measurement.plane));
        let facts = self.facts().to_string().into_bytes();
        all.push(Array::new("settings", &[facts.len()], Values::U8(facts)));
        let bytes = npz::archive(&all).map_err(|e| format!("{} cannot be made: {e}.", path.display()))?;
        self.write(path, &bytes)
    }

    /// A row for each point; and beside it the settings, under the same name with `.toml` behind it.
    fn csv(&self, path: &Path, table: &[Array]) -> Result<(), String> {
        let n = self.grid().points;
        let columns = arrays::columns(table);
        let head: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let mut rows = Table::new(&head);
        let points = if self.scene.ask.cut { n } else { n * n };
        for point in 0..points {
            let cell = |(name, values): &(String, Vec<f64>)| {
                let value = match name.as_str() {
                    "a" if !self.scene.ask.cut => values[point / n],
                    "b" => values[point % n],
                    _ => values[point],
                };
                let whole = ["spikes", "output_spikes", "region"].contains(&name.as_str());
                if whole { format!("{value:.0}") } else { exact(value) }
            };
            rows.push(columns.iter().map(cell).collect());
        }
        self.write(path, rows.csv().as_bytes())?;
        let mut name = path.as_os_str().to_owned();
        name.push(".toml");
        let comments: String = self.lines().iter().map(|line| format!("# {line}\n")).collect();
        self.write(Path::new(&name), (comments + "\n" + &self.settings()).as_bytes())
    }

    fn settings(&self) -> String {
        self.scene.settings().to_toml()
    }

    fn texts(&self) -> [(&'static str, String); 3] {
        let facts = self.facts().to_string();
        [("Software", PROGRAM.into()), ("spikescape.settings", self.settings()), ("spikescape.landscape", facts)]
    }

    /// What made the file.
    fn facts(&self) -> Value {
        let (scene, ask) = (self.scene, &self.scene.ask);
        let mut facts = json!({
            "program": PROGRAM,
            "settings": self.settings(),
            "seed": scene.settings().run.seed,
            "update": scene.run_update,
            "centre": scene.centre_update,
            "plane": ask.plane.to_string(),
            "directions": ask.directions,
            "over": ask.over.to_string(),
            "samples": scene.measurement.objective.samples.len(),
            "range": self.grid().range,
            "points": ask.points,
            "cut": ask.cut,
            "path_share": scene.path.share,
        });
        if let (Some(measured), Some(facts)) = (self.measured, facts.as_object_mut()) {
            facts.insert("measured".into(), measured.into());
        }
        facts
    }

    /// The same in words, but for the settings.
    pub fn lines(&self) -> Vec<String> {
        let (scene, ask) = (self.scene, &self.scene.ask);
        let grid = if ask.cut { "on a line" } else { "on a square grid" };
        let part = self.measured.map_or_else(String::new, |n| format!(", {n} of which were measured"));
        vec![
            format!(
                "Loss landscape by {PROGRAM}, {} points to a side {grid}, range ± {}{part}",
                ask.points,
                self.grid().range
            ),
            format!("plane {}, directions {}, centre after {} updates", ask.plane, ask.directions, scene.centre_update),
            format!("over {} ({})", ask.over, count(scene.measurement.objective.samples.len() as u64, "sample")),
        ]
    }

    fn figure(&self, landscape: &Landscape, views: &Views) -> Figure {
        let losses = landscape.losses();
        let mut maps = vec![FigureMap { title: "True loss".into(), values: losses }];
        for (rule, surface) in Rule::ALL.iter().zip(&views.surfaces) {
            if let Some(surface) = surface {
                let title = format!("as {} believes", rule.label());
                maps.push(FigureMap { title, values: surface.values.clone() });
            }
        }
        Figure::of_maps(&maps, self.grid().points, self.grid().range, self.scene.ask.log, &self.lines()[1..].join("; "))
    }
}
