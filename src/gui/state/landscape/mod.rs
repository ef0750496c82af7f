//! The loss landscape as the window knows it: the one in view, and the one on its way to take its place.

#[cfg(test)]
pub mod fixtures;
mod measured;

use crate::gui::state::AnswerProgress;
use std::sync::Arc;

use crate::engine::{Answer, Begun, Question};
use crate::landscape::{Comparison, Landscape, Look};
use crate::snn::Params;

pub use self::measured::MeasuredLandscape;
use crate::landscape::cliffs;

pub use crate::landscape::GridCell;

/// A landscape stays in view until its successor knows as much, so that following a run does not flicker; only a
/// view of another place (range, directions) is replaced by the first that is known of the new one.
#[derive(Clone, Debug, Default)]
pub struct LandscapeState {
    /// Rises whenever what is in view changes, so that a picture made of it knows when it is out of date.
    version: u64,
    shown: Option<MeasuredLandscape>,
    coming: Option<MeasuredLandscape>,
    /// The landscape that was under way when it was stopped, where it had not come into view.
    halted: Option<MeasuredLandscape>,
    asked: Option<Arc<Question>>,
    /// Why the last question could not be answered, and what it was.
    failed: Option<(Arc<Question>, String)>,
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
    spikes: Option<(InspectedPoint, Arc<Look>)>,
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
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The answer in view.
    pub fn shown(&self) -> Option<&MeasuredLandscape> {
        self.shown.as_ref()
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

    /// Whether more is to come.
    pub fn running(&self) -> bool {
        self.asked.is_some()
    }

    /// Why there is no landscape of `question`, where it is the one that was asked for.
    pub fn problem(&self) -> Option<&str> {
        self.failed.as_ref().map(|(_, problem)| problem.as_str())
    }

    /// How the rules compared at the place in view, update by update.
    pub fn comparisons(&self) -> &[(u64, Comparison)] {
        &self.comparisons
    }

    /// The cell that is looked at: the one under the pointer, or else the one that is pinned.
    pub fn cell(&self) -> Option<GridCell> {
        let points = self.shown()?.grid().points;
        self.pointed.or(self.pinned).filter(|(i, j)| *i < points && *j < points)
    }

    /// The pinned cell, where the grid in view has it.
    pub fn pinned_in_view(&self) -> Option<GridCell> {
        let points = self.shown()?.grid().points;
        self.pinned.filter(|(i, j)| *i < points && *j < points)
    }

    /// The spikes at a cell, as they were asked for last.
    pub fn spikes(&self) -> Option<(InspectedPoint, &Arc<Look>)> {
        self.spikes.as_ref().map(|(point, spikes)| (*point, spikes))
    }

    /// How far the answer on its way is, if there is one.
    pub fn progress(&self) -> Option<AnswerProgress> {
        let asked = self.asked.as_ref()?;
        let of = asked.grid.len();
        let current = self.coming.as_ref().or(self.shown.as_ref()).filter(|m| m.id() == asked.id);
        let (done, took) = current.map_or_else(Default::default, |m| (m.done(), m.took));
        let behind = self.shown.as_ref().is_some_and(|m| m.id() != asked.id);
        Some(AnswerProgress { done, of, took, behind })
    }

    /// Whether the whole answer to `question` is in view already, or was found to be impossible.
    pub fn answers(&self, question: &Question) -> bool {
        let same = |other: &Question| measured::same_points(other, question) && same_rest(other, question);
        self.shown.as_ref().is_some_and(|m| m.is_complete() && same(&m.question))
            || self.failed.as_ref().is_some_and(|(other, _)| same(other))
    }

    /// The points that are known already of those that `question` asks for.
    pub fn known(&self, question: &Question) -> Option<Arc<Landscape>> {
        let all = self.halted.iter().chain(&self.shown);
        let m = all.filter(|m| m.done() > 0).find(|m| measured::same_points(&m.question, question))?;
        Some(Arc::new(m.landscape.clone()))
    }

    /// The measurement that was stopped and can be resumed.
    pub fn stopped(&self) -> Option<&MeasuredLandscape> {
        let shown = self.shown.as_ref().filter(|m| !m.is_complete());
        self.halted.as_ref().or(shown).filter(|_| self.asked.is_none())
    }

    /// The question that was stopped, to be asked again under the number `id`.
    pub fn resumed(&self, id: u64) -> Option<Question> {
        let m = self.stopped()?;
        Some(Question { id, known: Some(Arc::new(m.landscape.clone())), ..Question::clone(&m.question) })
    }

    /// Whether what is under way lacks something that `question` asks for, and its points have to be measured again.
    pub fn lacks(&self, question: &Question) -> bool {
        self.asked.as_ref().is_some_and(|asked| question.fields && !asked.fields)
    }

    /// A question was asked: answers to older ones are not heard any more.
    pub fn ask(&mut self, question: &Question) {
        // what is known is a part of the answer
        self.asked = Some(Arc::new(Question { known: None, ..question.clone() }));
        (self.coming, self.halted, self.failed) = (None, None, None);
    }

    /// Nothing more is to come; what is in view stays.
    pub fn stop(&mut self) {
        self.asked = None;
        self.halted = self.coming.take().filter(|m| m.done() > 0).or(self.halted.take());
    }

    /// Forgets everything but the weights that were fixed: another run begins.
    pub fn reset(&mut self) {
        *self = Self { version: self.version + 1, fixed: self.fixed.take(), ..Self::default() };
    }

    /// Takes in a part of the answer, if it is one to the newest question.
    pub fn on_answer(&mut self, answer: Answer) {
        let Some(asked) = &self.asked else { return };
        let id = asked.id;
        match answer {
            Answer::Begun(begun) if begun.id == id => self.begin(begun),
            Answer::Part(part) if part.id == id => {
                self.with(id, |m| {
                    m.landscape.take(&part.points, &part.outputs);
                    m.took = part.took;
                });
            }
            Answer::Views { id: of, views } if of == id => {
                let update = self.with(id, |m| {
                    m.views = Some(Arc::clone(&views));
                    m.update
                });
                self.record_comparison(update, &views.comparison);
            }
            Answer::Path(path) if path.id == id => {
                self.with(id, |m| {
                    if let Some(losses) = m.losses.get_mut(path.path) {
                        *losses = Some(path.losses);
                    }
                });
            }
            Answer::Failed { id: of, problem } if of == id => {
                self.failed = self.asked.take().map(|question| (question, problem));
                self.coming = None;
                self.version += 1;
            }
            _ => {}
        }
    }

    /// Takes in the spikes at a cell.
    pub fn set_spikes(&mut self, point: InspectedPoint, spikes: Arc<Look>) {
        self.spikes = Some((point, spikes));
    }

    fn begin(&mut self, begun: Begun) {
        let Some(asked) = &self.asked else { return };
        let coming = MeasuredLandscape::new(Arc::clone(asked), begun);
        let known = coming.done() > 0;
        self.coming = Some(coming);
        if known {
            self.show();
        }
    }

    /// Changes the landscape that answers question `id`, and shows it if it knows enough by then.
    fn with<R: Default>(&mut self, id: u64, change: impl FnOnce(&mut MeasuredLandscape) -> R) -> R {
        let current = self.coming.as_mut().or(self.shown.as_mut());
        let Some(m) = current.filter(|m| m.id() == id) else { return R::default() };
        let result = change(m);
        if m.is_complete() {
            self.asked = None;
        }
        self.show();
        result
    }

    /// Lets the coming one take the place of the one in view, if it knows enough for that.
    fn show(&mut self) {
        if let (Some(coming), Some(shown)) = (&self.coming, &self.shown)
            && coming.place() == shown.place()
            && !coming.knows_as_much_as(shown)
        {
            return;
        }
        if let Some(coming) = self.coming.take() {
            let place = coming.place();
            if self.shown.as_ref().is_none_or(|shown| shown.place() != place) {
                self.comparisons.clear();
            }
            let points = coming.grid().points;
            for cell in [&mut self.pointed, &mut self.pinned] {
                *cell = cell.filter(|_| self.shown.as_ref().is_none_or(|shown| shown.grid().points == points));
            }
            self.shown = Some(coming);
        }
        self.version += 1;
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

/// Whether everything that is asked apart from the points is the same: the paths up to the same moment.
fn same_rest(shown: &Question, asked: &Question) -> bool {
    let names = |q: &Question| q.others.iter().map(|track| track.name.clone()).collect::<Vec<_>>();
    (shown.path_losses || !asked.path_losses)
        && shown.frame.update == asked.frame.update
        && names(shown) == names(asked)
}

#[cfg(test)]
mod tests;
