//! What is known of a run at a moment.

use std::sync::Arc;

use crate::engine::{Frame, LandscapeSpec, MapCell};
use crate::landscape::{Circle, CircleWalk, Landscape, Measurement, MeasurementScratch, ProjectedPath};
use crate::record::Curves;
use crate::record::log::{Entry, Intervention, Log};
use crate::rule::Rule;
use crate::snn::text;
use crate::task::Split;
use crate::text::whole;
use crate::train::Evaluation;
use crate::train::settings::Value;

use super::options::{FigureSpan, FigureView};
use crate::engine::frame::Span;

/// Everything that figures are drawn of. What was not measured is left out, and its view says so.
#[derive(Clone)]
pub struct FigureScene {
    /// The moment.
    pub frame: Arc<Frame>,
    /// The run until its newest update, which is the end of the log.
    pub log: Arc<Log>,
    pub curves: Arc<Curves>,
    pub landscape: Option<Arc<FigureLandscape>>,
    pub answers: Option<Arc<FigureAnswers>>,
    pub cells: Option<Arc<FigureCells>>,
}

/// A landscape that was measured to its end.
#[derive(Clone, Debug)]
pub struct FigureLandscape {
    /// The moment of the run up to which the path leads.
    pub at: u64,
    /// The moment in the centre.
    pub update: u64,
    pub spec: LandscapeSpec,
    pub landscape: Landscape,
    /// The run's own path.
    pub path: ProjectedPath,
    /// What measures at further points of the plane.
    pub measurement: Arc<Measurement>,
}

impl FigureLandscape {
    /// Measures around a circle; in parallel on the rayon pool at hand.
    ///
    /// # Errors
    /// A sentence where it does not lie within the plane.
    pub fn walk(&self, circle: Circle) -> Result<CircleWalk, String> {
        let grid = self.landscape.grid;
        if circle.within(grid) != circle {
            let Circle { centre: [a, b], radius, .. } = circle;
            let range = grid.range;
            return Err(format!(
                "The circle around ({a}, {b}) with the radius {radius} reaches beyond the plane, which ends at {range}."
            ));
        }
        // the gradients are what this is about, whether or not the landscape has them
        let measurement = Measurement { fields: true, ..Measurement::clone(&self.measurement) };
        Ok(circle.walk(&measurement, &MeasurementScratch::default()))
    }
}

/// Answers to all samples of a split.
#[derive(Clone, Debug)]
pub struct FigureAnswers {
    pub update: u64,
    pub split: Split,
    pub evaluation: Evaluation,
}

/// The decision map.
#[derive(Clone, Debug)]
pub struct FigureCells {
    pub update: u64,
    /// Along each side.
    pub points: usize,
    /// By number, from the lower left corner, x running fastest.
    pub cells: Vec<MapCell>,
}

/// Something that was done to the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeedMark {
    pub update: u64,
    /// The rule that was switched to, where that is what was done.
    pub rule: Option<Rule>,
}

impl FigureScene {
    /// The newest update of the run.
    pub fn newest(&self) -> u64 {
        self.log.end.map_or(self.frame.update, |end| end.update.max(self.frame.update))
    }

    /// The moment that a view shows, which what takes long to measure may be behind.
    pub fn update_of(&self, view: FigureView) -> u64 {
        let measured = match view {
            FigureView::Landscape => self.landscape.as_ref().map(|l| l.at),
            FigureView::Accuracy | FigureView::Samples => self.answers.as_ref().map(|a| a.update),
            FigureView::DecisionMap => self.cells.as_ref().map(|c| c.update),
            _ => None,
        };
        measured.unwrap_or(self.frame.update)
    }

    /// The views that can be drawn.
    pub fn views(&self) -> Vec<FigureView> {
        let there = |view: &FigureView| match view {
            FigureView::Landscape => self.landscape.is_some(),
            FigureView::Accuracy | FigureView::Samples => self.answers.is_some(),
            FigureView::DecisionMap => self.cells.is_some(),
            FigureView::Curves => !self.curves.loss.buckets().is_empty(),
            FigureView::Changes => self.frame.update > 0,
            FigureView::Raster | FigureView::Potential => true,
        };
        FigureView::ALL.into_iter().filter(there).collect()
    }

    pub fn span(&self, span: FigureSpan) -> &Span {
        match span {
            FigureSpan::Last => &self.frame.spans.last,
            FigureSpan::Back => &self.frame.spans.back,
            FigureSpan::Start => &self.frame.spans.start,
        }
    }

    /// The updates of a span, as in "update 300" or "updates 201 to 300".
    pub fn updates(&self, span: FigureSpan) -> String {
        let (first, last) = (self.span(span).from + 1, self.frame.update);
        match first < last {
            true => format!("updates {} to {}", whole(first), whole(last)),
            false => format!("update {}", whole(last)),
        }
    }

    /// What was done to the run, in order; that another sample was watched changes nothing that is learnt.
    pub fn deeds(&self) -> Vec<DeedMark> {
        self.log.entries.iter().filter_map(deed).collect()
    }
}

fn deed(entry: &Entry) -> Option<DeedMark> {
    match &entry.what {
        Intervention::Target(_) => Some(DeedMark { update: entry.update, rule: None }),
        Intervention::Setting(change) if change.field().table() == "run" => None,
        Intervention::Setting(change) => {
            let chosen =
                |rule: &Rule| change.field().key == "rule.rule" && *change.value() == Value::Choice(rule.key());
            Some(DeedMark { update: entry.update, rule: Rule::ALL.into_iter().find(chosen) })
        }
    }
}

/// The name of a layer of the network, as in "hidden 2"; of the only hidden one "hidden".
pub fn layer_name(frame: &Frame, layer: usize) -> String {
    text::layer_name(layer, frame.spikes.len(), &frame.net.layers)
}
