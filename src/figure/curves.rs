//! A quantity of the run over its updates, with what was done to it.

use super::data::FigureTable;
use super::options::{FigureCurve, FigureOptions};
use super::plot::{FigurePen, FigurePlot, above, below, ticks};
use super::scene::{DeedMark, FigureScene, layer_name};
use super::style::{FigurePalette, FigureStyle};
use crate::picture::sheet::{Rgb, Sheet, SheetAlign};
use crate::picture::ticks as axis;
use crate::record::Series;
use crate::record::series::Bucket;
use crate::rule::Rule;

/// Lengths of dashes and gaps, in sizes of the font; lines of one colour are told apart by them.
const DASHES: [Option<[f32; 2]>; 3] = [None, Some([0.7, 0.35]), Some([0.2, 0.25])];

/// A line of a figure.
struct FigureTrack<'a> {
    name: String,
    key: &'static str,
    series: &'a Series,
}

/// The lines of a quantity.
fn tracks<'a>(scene: &'a FigureScene, curve: FigureCurve) -> Vec<FigureTrack<'a>> {
    let curves = &scene.curves;
    let one = |key, name: &str, series| FigureTrack { name: name.to_owned(), key, series };
    match curve {
        FigureCurve::Loss => vec![one("loss", "loss", &curves.loss)],
        FigureCurve::Spikes => {
            let layers = curves.spikes.iter().enumerate();
            layers.map(|(l, series)| one("spikes", &layer_name(&scene.frame, l), series)).collect()
        }
        FigureCurve::Changes => vec![
            one("shifted", "shifted", &curves.shifted),
            one("created", "created", &curves.created),
            one("removed", "removed", &curves.removed),
        ],
        FigureCurve::Distance => vec![one("distance", "distance", &curves.target_distance)],
        FigureCurve::LearningRate => vec![one("learning_rate", "learning rate", &curves.learning_rate)],
        FigureCurve::Accuracy => vec![
            one("by_first_spike", "by first spike", &curves.accuracy_first),
            one("by_count", "by count", &curves.accuracy_count),
        ],
    }
}

pub fn sheet(scene: &FigureScene, options: &FigureOptions, style: &FigureStyle) -> Result<Sheet, String> {
    let log = options.log_curve;
    let tracks = tracks(scene, options.curve);
    let extent = extent(&tracks, log).ok_or_else(|| nothing(options.curve, log))?;
    let drawing = CurveFigure { scene, curve: options.curve, log, tracks, font: style.font };
    let pen = FigurePen::new(style, 1.0);
    let names = if drawing.tracks.len() > 1 {
        drawing.tracks.iter().map(|t| pen.wide(&t.name)).fold(0.0, f32::max)
    } else {
        0.0
    };
    let (left, right) = (5.2 * style.font, 1.2 * style.font + names);
    let width = style.width_pt() - left - right;
    let height = (0.5 * width).max(9.0 * style.font);
    let top = above(style) + 1.2 * style.font;
    let last = scene.newest().max(1) as f64;
    let plot = FigurePlot { left, top, width, height, x: [0.0, last], y: extent };
    let mut pen = FigurePen::new(style, top + height + below(style));
    pen.title(left, &super::title(super::FigureView::Curves, scene));
    pen.ground(&plot);
    drawing.deeds(&mut pen, &plot);
    drawing.bands(&mut pen, &plot);
    drawing.lines(&mut pen, &plot);
    drawing.names(&mut pen, &plot);
    pen.frame(&plot);
    let ticks_y = if log { powers(plot.y, height / (2.2 * style.font)) } else { ticks(plot.y, height, style, 2.2) };
    pen.x_axis(&plot, &ticks(plot.x, width, style, 7.0), "update");
    pen.y_axis(&plot, &ticks_y, &options.curve.label().to_lowercase());
    Ok(pen.sheet)
}

fn nothing(curve: FigureCurve, log: bool) -> String {
    let why = match (curve, log) {
        (FigureCurve::Accuracy, _) => "no epoch has ended with a validation",
        (_, true) => "no value is above 0, which a logarithmic axis needs",
        _ => "the run has made no update",
    };
    format!("There is no curve of {} yet: {why}.", curve.label().to_lowercase())
}

/// Ticks of an axis of logarithms, about `most`.
fn powers([low, high]: [f64; 2], most: f32) -> Vec<(f64, String)> {
    axis::log(low, high, f64::from(most)).into_iter().map(|(at, _)| (at, axis::power(at))).collect()
}

/// From the least to the greatest value, with some room; logarithms of them where these are drawn.
fn extent(tracks: &[FigureTrack], log: bool) -> Option<[f64; 2]> {
    let values = tracks.iter().flat_map(|t| t.series.buckets()).flat_map(|b| [b.min, b.mean(), b.max]);
    let shown = values.filter_map(|value| shown(value, log));
    let (low, high) = shown.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| (low.min(y), high.max(y)));
    if low > high {
        return None;
    }
    // counts and losses begin at 0
    let low = if log { low } else { low.min(0.0) };
    let room = if high > low { 0.05 * (high - low) } else { 0.5 * high.abs().max(0.1) };
    Some([if log || low < 0.0 { low - room } else { low }, high + room])
}

/// Where a value stands on the axis.
fn shown(value: f64, log: bool) -> Option<f64> {
    match log {
        _ if !value.is_finite() => None,
        true => (value > 0.0).then(|| value.log10()),
        false => Some(value),
    }
}

/// A curve while it is drawn.
struct CurveFigure<'a> {
    scene: &'a FigureScene,
    curve: FigureCurve,
    log: bool,
    tracks: Vec<FigureTrack<'a>>,
    font: f32,
}

impl CurveFigure<'_> {
    fn look(&self, track: usize, colours: &FigurePalette) -> (Rgb, Option<[f32; 2]>) {
        let dash = |k: usize| DASHES[k % 3].map(|dash| dash.map(|long| long * self.font));
        match self.curve {
            FigureCurve::Changes => ([colours.shifted, colours.created, colours.removed][track % 3], dash(track)),
            // hidden layers in turn by their dashes; the output stands out
            FigureCurve::Spikes if track + 1 < self.tracks.len() => (colours.faint, dash(track + 1)),
            FigureCurve::Accuracy => (colours.ink, dash(track)),
            _ => (colours.ink, None),
        }
    }

    fn middle(bucket: &Bucket) -> f64 {
        (bucket.first + bucket.last) as f64 / 2.0
    }

    /// What was done: switches of the rule with its name, other changes as thin lines; and the moment that is looked at.
    fn deeds(&self, pen: &mut FigurePen, plot: &FigurePlot) {
        let (colours, hair, font) = (pen.colours, pen.style.hair(), self.font);
        let upright = |x: f64| vec![vec![[plot.x_of(x), plot.top], [plot.x_of(x), plot.bottom()]]];
        let deeds: Vec<DeedMark> = self.scene.deeds().into_iter().filter(|d| (d.update as f64) < plot.x[1]).collect();
        for deed in deeds.iter().filter(|deed| deed.rule.is_none()) {
            pen.sheet.dashes(colours.line, hair, Some([0.3 * font, 0.3 * font]), upright(deed.update as f64 + 0.5));
        }
        let first = DeedMark { update: 0, rule: Some(self.scene.log.start.rule.rule) };
        let mut free = f32::NEG_INFINITY;
        for deed in [first].into_iter().chain(deeds) {
            let Some(rule) = deed.rule else { continue };
            let x = if deed.update == 0 { plot.left } else { plot.x_of(deed.update as f64 + 0.5) };
            if deed.update > 0 {
                pen.sheet.lines(colours.rule(rule), 1.6 * hair, upright(deed.update as f64 + 0.5));
            }
            if self.curve == FigureCurve::Loss && x > free && x + pen.wide(rule.label()) < plot.right() + font {
                pen.text([x, plot.top - 0.7 * font], SheetAlign::Left, colours.ink, rule.label());
                pen.sheet
                    .bars(colours.rule(rule), vec![[x, plot.top - 0.16 * font, pen.wide(rule.label()), 0.16 * font]]);
                free = x + pen.wide(rule.label()) + 0.5 * font;
            }
        }
        if self.scene.frame.update < self.scene.newest() {
            pen.sheet.lines(colours.focus, 1.6 * hair, upright(self.scene.frame.update as f64));
        }
    }

    /// From the least to the greatest value of each stretch of updates that is one point.
    fn bands(&self, pen: &mut FigurePen, plot: &FigurePlot) {
        for (n, track) in self.tracks.iter().enumerate() {
            let colour = pen.colours.tint(self.look(n, &pen.colours).0, 0.25);
            let edge = |b: &Bucket| {
                let high = shown(b.max, self.log)?;
                let low = shown(b.min, self.log).unwrap_or(plot.y[0]);
                Some([plot.at(Self::middle(b), low), plot.at(Self::middle(b), high)])
            };
            let piece = |pair: &[Bucket]| {
                let ([a, b], [c, d]) = (edge(&pair[0])?, edge(&pair[1])?);
                (pair.iter().any(|b| b.min < b.max)).then(|| vec![a, b, d, c])
            };
            pen.sheet.polygons(colour, track.series.buckets().windows(2).filter_map(piece).collect());
        }
    }

    fn lines(&self, pen: &mut FigurePen, plot: &FigurePlot) {
        let width = self.font / 8.0;
        for (n, track) in self.tracks.iter().enumerate() {
            let (colour, dash) = self.look(n, &pen.colours);
            let at = |b: &Bucket| shown(b.mean(), self.log).map(|y| plot.at(Self::middle(b), y));
            let pieces = |buckets: &[Bucket]| -> Vec<Vec<[f32; 2]>> {
                buckets.split(|b| at(b).is_none()).map(|piece| piece.iter().filter_map(at).collect()).collect()
            };
            let buckets = track.series.buckets();
            if self.curve == FigureCurve::Loss {
                for (rule, stretch) in self.stretches(buckets) {
                    pen.sheet.lines(pen.colours.rule(rule), width, pieces(stretch));
                }
            } else {
                pen.sheet.dashes(colour, width, dash, pieces(buckets));
            }
            // few values are points, too
            if buckets.len() <= 60 {
                pen.sheet.circles(colour, 0.22 * self.font, None, buckets.iter().filter_map(at).collect());
            }
        }
    }

    /// Consecutive buckets made by one rule; each stretch begins where the one before ends.
    fn stretches<'b>(&self, buckets: &'b [Bucket]) -> Vec<(Rule, &'b [Bucket])> {
        let mut rule = self.scene.log.start.rule.rule;
        let (mut begin, mut out) = (0, Vec::new());
        for DeedMark { update, rule: next } in self.scene.deeds() {
            let Some(next) = next.filter(|next| *next != rule) else { continue };
            let end = buckets.partition_point(|b| b.first < update);
            out.push((rule, &buckets[begin..(end + 1).min(buckets.len())]));
            (rule, begin) = (next, end.min(buckets.len()));
        }
        out.push((rule, &buckets[begin..]));
        out
    }

    /// Names at the right ends of the lines, moved apart.
    fn names(&self, pen: &mut FigurePen, plot: &FigurePlot) {
        if self.tracks.len() < 2 {
            return;
        }
        let end = |t: &FigureTrack| t.series.buckets().iter().rev().find_map(|b| shown(b.mean(), self.log));
        let mut ends: Vec<(usize, f32)> =
            self.tracks.iter().enumerate().filter_map(|(n, t)| Some((n, plot.y_of(end(t)?)))).collect();
        ends.sort_by(|a, b| a.1.total_cmp(&b.1));
        let (line, mut free) = (1.15 * self.font, plot.top);
        let count = ends.len();
        for (k, (n, y)) in ends.into_iter().enumerate() {
            let lowest = plot.bottom() - line * (count - k - 1) as f32;
            let y = y.max(free).min(lowest);
            free = y + line;
            let colour = self.look(n, &pen.colours).0;
            pen.text([plot.right() + 0.5 * self.font, y], SheetAlign::Left, colour, self.tracks[n].name.clone());
        }
    }
}

/// A row for each stretch of updates of each line.
pub fn table(scene: &FigureScene, options: &FigureOptions) -> FigureTable {
    let tracks = tracks(scene, options.curve);
    let rows: Vec<(usize, &Bucket)> =
        tracks.iter().enumerate().flat_map(|(n, t)| t.series.buckets().iter().map(move |b| (n, b))).collect();
    let names = tracks.iter().map(|track| if track.key == "spikes" { track.name.clone() } else { track.key.into() });
    let mut table = FigureTable::default();
    table.words("curve", rows.iter().map(|(n, _)| *n as i64).collect(), names.collect());
    table.whole("first_update", rows.iter().map(|(_, b)| b.first as i64).collect());
    table.whole("last_update", rows.iter().map(|(_, b)| b.last as i64).collect());
    table.real("mean", rows.iter().map(|(_, b)| b.mean()).collect());
    table.real("min", rows.iter().map(|(_, b)| b.min).collect());
    table.real("max", rows.iter().map(|(_, b)| b.max).collect());
    table
}
