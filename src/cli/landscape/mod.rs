//! `spikescape landscape`: the loss around the weights of a run, and what each rule sees of it.

pub mod args;
mod arrays;
mod files;
mod subject;
pub mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::engine;
use crate::file::try_target;
use crate::landscape::{Comparison, MeasuredPoint, Views};
use crate::sweep::GatheredAnswers;
use crate::sweep::landscape::{LandscapeScene, LandscapeSweep, PointAnswer};

use super::print::{complain, say};
use super::settings::network;
use super::signals;
use super::sweep::drive;
use super::table::Table;
use crate::text::{self, count, value, whole};
use args::Landscape;
use files::Files;
pub use files::check_names;

pub fn run(args: &Landscape) -> Result<ExitCode, String> {
    let what = &args.what;
    check_names(&args.out, what.table, what.cut)?;
    what.check_points()?;
    args.out.iter().try_for_each(|path| try_target(path))?;
    signals::listen();
    if what.table {
        return table::run(args);
    }
    let threads = drive::threads(args.threads, 0);
    let pool = engine::pool("landscape", threads)?;
    let Some(scene) = pool.install(|| what.scene())? else {
        complain("Stopped before anything was measured: no file was written.");
        return Ok(signals::stopped());
    };
    let gathered = drive::in_memory(&LandscapeSweep::new(&scene), threads, "points")?;
    pool.install(|| report(&scene, &gathered, &args.out))?;
    if gathered.is_whole() {
        return Ok(ExitCode::SUCCESS);
    }
    complain(&stopped_early(&gathered, args.out.is_empty()));
    Ok(signals::stopped())
}

fn stopped_early(gathered: &GatheredAnswers<PointAnswer>, no_files: bool) -> String {
    let (done, of) = (whole(gathered.done() as u64), count(gathered.answers.len() as u64, "point"));
    let files = if no_files { "" } else { "; in the files the others are NaN, or −1 where something is counted" };
    format!("Stopped early: {done} of {of} were measured{files}.")
}

/// Prints what was measured, and writes the files; on the rayon pool at hand.
pub fn report(scene: &LandscapeScene, gathered: &GatheredAnswers<PointAnswer>, out: &[PathBuf]) -> Result<(), String> {
    let sweep = LandscapeSweep::new(scene);
    let measured = (!gathered.is_whole()).then(|| gathered.done());
    let files = Files { scene, out, measured };
    let text = if scene.ask.cut {
        let points = sweep.cut(&gathered.answers);
        files.write_cut(&points)?;
        cut_summary(&points)
    } else {
        let landscape = sweep.landscape(&gathered.answers);
        let views = landscape.views();
        files.write_plane(&landscape, &views)?;
        if measured.is_none() { summary(scene, &landscape.losses(), &views) } else { span(&landscape.losses()) }
    };
    let settings = scene.settings();
    let run = format!("{}, network {}, seed {}", settings.rule.rule.label(), network(settings), settings.run.seed);
    say(&format!("{run}\n{}\n\n{text}", files.lines()[1..].join("\n")));
    say_written(out);
    Ok(())
}

/// Losses along a cut, and how often they jump, as far as neighbours were measured.
fn cut_summary(points: &[Option<MeasuredPoint>]) -> String {
    let losses: Vec<f64> = points.iter().map(|p| p.map_or(f64::NAN, |p| p.loss)).collect();
    let jumps = points.windows(2).filter(|w| matches!(w, [Some(a), Some(b)] if a.loss != b.loss)).count();
    format!("{}\nThe loss jumps {}.", span(&losses), count(jumps as u64, "time"))
}

fn say_written(files: &[PathBuf]) {
    if !files.is_empty() {
        let names: Vec<String> = files.iter().map(|f| f.display().to_string()).collect();
        say(&format!("\nwritten: {}", names.join(", ")));
    }
}

/// Losses in the centre, and the least and greatest.
fn span(losses: &[f64]) -> String {
    let [least, greatest] = [losses.iter().copied().reduce(f64::min), losses.iter().copied().reduce(f64::max)];
    let [least, greatest] = [least, greatest].map(|x| value(x.unwrap_or(f64::NAN)));
    format!("Loss in the centre {}, from {least} to {greatest}.", value(losses[losses.len() / 2]))
}

fn summary(scene: &LandscapeScene, losses: &[f64], views: &Views) -> String {
    let Comparison { grid, .. } = views.comparison;
    let zero = views.comparison.zero_share().map_or("–".into(), text::share);
    let mut text = span(losses);
    text += &format!(
        "\n{} of equal output; across {zero} of the inner points the loss does not change (spacing {}).",
        count(views.regions.number as u64, "region"),
        grid.spacing()
    );
    if let (Some(share), true) = (scene.path.share, scene.path.points.len() > 1) {
        text += &format!("\nThe plane holds {} of the variance of the run's path.", text::share(share));
    }
    if scene.ask.fields {
        text += &format!("\n\n{}\n\n{NOTES}", comparison(&views.comparison).aligned(1));
    }
    text
}

const NOTES: &str = "\
Downhill: the share of the points where neither slope nor field is zero (points)
at which the rule's field and the slope, a central difference, make an acute
angle, so that a step against the field goes downhill; cosine: of that angle,
mean. Inconsistency: what no surface can explain of the field. Circulation: of
the field around the cells of the grid, as a share of its length there, 0 for
the slope of any surface and 1 for a field that rises all the way around.
Correlation: of the surface that the rule believes in with the true landscape.";

fn comparison(comparison: &Comparison) -> Table {
    let mut table = Table::new(&[
        "rule",
        "downhill",
        "cosine",
        "points",
        "zero field",
        "inconsistency",
        "circulation",
        "correlation",
    ]);
    for view in &comparison.rules {
        let share = |x: Option<f64>| text::percent(x.unwrap_or(f64::NAN), 1);
        let number = |x: Option<f64>| x.map_or("–".into(), |x| format!("{x:.3}"));
        table.push(vec![
            view.rule.label().to_owned(),
            share(view.downhill),
            number(view.cosine),
            view.compared.to_string(),
            view.zero_field.to_string(),
            number(view.inconsistency),
            number(view.circulation),
            number(view.correlation),
        ]);
    }
    table
}
