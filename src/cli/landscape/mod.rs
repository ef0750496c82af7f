//! `spikescape landscape`: the loss around the weights of a run, and what each rule sees of it.

pub mod args;
mod arrays;
mod files;
mod measure;
mod subject;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::engine;
use crate::landscape::{Comparison, Grid, Views};
use crate::text::{self, count, value};

use super::print::say;
use super::settings::network;
use super::stop;
use super::table::Table;
use args::{LONGEST_CUT, Landscape};
use files::Files;
use subject::{Scene, Subject};

pub fn run(args: &Landscape) -> Result<ExitCode, String> {
    files::check_names(args)?;
    let most = if args.cut { LONGEST_CUT } else { Grid::MOST };
    if args.points > most {
        return Err(format!("--points {} is too many: at most {most} along each side can be measured.", args.points));
    }
    stop::listen();
    let threads = args.threads.map_or_else(engine::cores, usize::from);
    if args.table {
        return table::run(args, threads);
    }
    let pool = engine::pool("landscape", threads)?;
    Ok(pool.install(|| one(args))?.unwrap_or_else(stop::code))
}

/// A landscape or a cut; none when it was stopped.
fn one(args: &Landscape) -> Result<Option<ExitCode>, String> {
    let range = match args.range[..] {
        [] => 1.0,
        [range] => range,
        _ => return Err("--range takes several numbers with --table only.".into()),
    };
    let grid = Grid { points: args.points, range };
    let Some(mut subject) = Subject::of(args)? else { return Ok(None) };
    if !subject.recall(args.plane, args.centre)? {
        return Ok(None);
    }
    let scene = subject.scene(args.plane, args.centre, args.over, args.directions, !args.no_fields)?;
    let files = Files { args, subject: &subject, scene: &scene, grid };
    let (text, written) = if args.cut {
        let Some(points) = measure::cut(&scene, grid) else { return Ok(None) };
        let losses: Vec<f64> = points.iter().map(|p| p.loss).collect();
        let jumps = losses.windows(2).filter(|w| w[0] != w[1]).count();
        let text = format!("{}\nThe loss jumps {}.", span(&losses), count(jumps as u64, "time"));
        (text, files.write_cut(&points)?)
    } else {
        let Some(measured) = measure::whole(&scene, grid) else { return Ok(None) };
        let views = measured.landscape.views();
        let text = summary(&scene, &measured.landscape.losses(), &views, !args.no_fields);
        (text, files.write_plane(&measured, &views)?)
    };
    let settings = subject.trainer.settings();
    let run = format!("{}, network {}, seed {}", settings.rule.rule.label(), network(settings), settings.run.seed);
    say(&format!("{run}\n{}\n\n{text}", files.lines()[1..].join("\n")));
    say_written(&written);
    Ok(Some(ExitCode::SUCCESS))
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

fn summary(scene: &Scene, losses: &[f64], views: &Views, fields: bool) -> String {
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
    if fields {
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
