//! The loss landscape as the window knows it, and everything that is looked at on it.

#[cfg(test)]
pub mod fixtures;
mod measured;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use crate::engine::{LandscapePart, LandscapeQuestion};
use crate::gui::state::{InView, Latest};
use crate::landscape::{Circle, CircleWalk, Comparison, Landscape, PointSpikes, cliffs};
use crate::snn::Params;

pub use self::measured::MeasuredLandscape;
pub use crate::landscape::GridCell;

/// The landscape in view, and the one on its way to take its place.
#[derive(Clone, Debug, Default)]
pub struct LandscapeState {
    latest: Latest<MeasuredLandscape>,
    /// How the rules compared over training, at the place in view: update by update.
    comparisons: Vec<(u64, Comparison)>,
    /// The weights that stay in the centre, and after how many updates they were.
    pub fixed: Option<(u64, Arc<Params>)>,
    /// The weights of a moment that had to be replayed, and which.
    pub recalled: Option<(u64, Arc<Params>)>,
    /// Under the pointer, in whatever panel.
    pub pointed: Option<GridCell>,
    /// Clicked.
    pub pinned: Option<GridCell>,
    /// The cell below the cliff above which the pinned one lies, where it was found as such.
    pub below: Option<GridCell>,
    /// The spikes at the cell that is looked at.
    spikes: Option<(InspectedPoint, Arc<PointSpikes>)>,
    /// The circle that is being measured, or was measured last, of which landscape; under the number of the question as long
    /// as no answer is there.
    pub circling: Option<(u64, Circle)>,
    pub circle_asked: Option<u64>,
    /// What was measured around a circle.
    pub walk: Option<Arc<CircleWalk>>,
}

/// Which spikes are shown: of which landscape, at which cell, compared with which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InspectedPoint {
    /// [`MeasuredLandscape::id`].
    pub of: u64,
    pub cell: GridCell,
    /// The cell that it is compared with.
    pub beside: GridCell,
}

/// Comparisons that are remembered; then every second is dropped.
const MOST_COMPARISONS: usize = 2000;

impl LandscapeState {
    pub fn latest(&self) -> &Latest<MeasuredLandscape> {
        &self.latest
    }

    /// The landscape in view.
    pub fn shown(&self) -> Option<&MeasuredLandscape> {
        self.latest.shown()
    }

    /// Pins a cell; one that was found above a cliff, with that below.
    pub fn pin(&mut self, cell: Option<GridCell>, below: Option<GridCell>) {
        (self.pinned, self.below) = (cell, below);
    }

    /// The cell on the other side of the cliff at `cell`.
    pub fn across(&self, cell: GridCell) -> Option<GridCell> {
        let found = self.below.filter(|_| self.pinned == Some(cell));
        found.or_else(|| cliffs::across(&self.shown()?.landscape, cell))
    }

    /// How the rules compared at the place in view, update by update.
    pub fn comparisons(&self) -> &[(u64, Comparison)] {
        &self.comparisons
    }

    /// The cell that is looked at: the one under the pointer, or else the one that is pinned.
    pub fn cell(&self) -> Option<GridCell> {
        self.in_view(self.pointed.or(self.pinned))
    }

    /// The pinned cell, where the grid in view has it.
    pub fn pinned_in_view(&self) -> Option<GridCell> {
        self.in_view(self.pinned)
    }

    fn in_view(&self, cell: Option<GridCell>) -> Option<GridCell> {
        let points = self.shown()?.grid().points;
        cell.filter(|(i, j)| *i < points && *j < points)
    }

    /// The spikes at a cell, as they were asked for last.
    pub fn spikes(&self) -> Option<(InspectedPoint, &Arc<PointSpikes>)> {
        self.spikes.as_ref().map(|(point, spikes)| (*point, spikes))
    }

    /// The points that `question` asks for, as far as they are known already.
    pub fn known(&self, question: &LandscapeQuestion) -> Option<Arc<Landscape>> {
        let known = self.latest.known().find(|known| known.question.measures(question))?;
        Some(Arc::new(known.landscape.clone()))
    }

    /// The question that was stopped, to be asked again under the number `id`.
    pub fn resumed(&self, id: u64) -> Option<LandscapeQuestion> {
        let m = self.latest.stopped()?;
        let known = Some(Arc::new(m.landscape.clone()));
        Some(LandscapeQuestion { id, known, ..LandscapeQuestion::clone(&m.question) })
    }

    /// A question was asked: answers to older ones are not taken in any more.
    pub fn ask(&mut self, question: LandscapeQuestion) {
        // what is known is a part of the answer
        self.latest.ask(LandscapeQuestion { known: None, ..question });
    }

    /// Nothing more is to come; the landscape in view stays.
    pub fn stop(&mut self) {
        self.latest.stop();
    }

    /// Forgets everything but the weights that were fixed: another run begins.
    pub fn reset(&mut self) {
        self.latest.reset();
        *self = Self { latest: std::mem::take(&mut self.latest), fixed: self.fixed.take(), ..Self::default() };
    }

    /// Takes in a part of the answer to question `id`, if that is the newest one; it has taken `took` so far.
    pub fn on_part(&mut self, id: u64, took: Duration, part: LandscapePart) {
        let views = if let LandscapePart::Views(views) = &part { Some(Arc::clone(views)) } else { None };
        let before = self.shown().map(|m| m.grid().points);
        if self.latest.on_part(id, took, part) == InView::Elsewhere {
            self.comparisons.clear();
            let points = self.shown().map(|m| m.grid().points);
            for cell in [&mut self.pointed, &mut self.pinned] {
                *cell = cell.filter(|_| before.is_none() || before == points);
            }
        }
        if let (Some(views), Some(m)) = (views, self.latest.answer_to(id)) {
            self.record_comparison(m.update, &views.comparison);
        }
    }

    /// Question `id` cannot be answered to its end; whether that is the newest one.
    pub fn on_failed(&mut self, id: u64, problem: &str) -> bool {
        self.latest.on_failed(id, problem)
    }

    /// Takes in the spikes at a cell.
    pub fn set_spikes(&mut self, point: InspectedPoint, spikes: Arc<PointSpikes>) {
        self.spikes = Some((point, spikes));
    }

    /// Remembers how the rules compared after `update` updates.
    fn record_comparison(&mut self, update: u64, comparison: &Comparison) {
        // only of what was measured
        if comparison.rules.iter().all(|rule| rule.compared + rule.zero_field == 0) {
            return;
        }
        match self.comparisons.last_mut().filter(|(last, _)| *last >= update) {
            Some(last) if last.0 == update => last.1 = comparison.clone(),
            Some(_) => {}
            None => self.comparisons.push((update, comparison.clone())),
        }
        if self.comparisons.len() > MOST_COMPARISONS {
            let mut n = 0;
            self.comparisons.retain(|_| {
                n += 1;
                n % 2 == 0
            });
        }
    }
}
