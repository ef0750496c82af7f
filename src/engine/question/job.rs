//! The common ground of all questions: each is of a kind, and is answered a piece at a time, in parts.

use std::time::{Duration, Instant};

/// The kinds of questions. The newest question of a kind replaces the older; those of different kinds take turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuestionKind {
    Landscape,
    Samples,
    Map,
    Point,
    Recall,
    Moment,
    Search,
    Agreement,
    Health,
    Circle,
    Story,
    Inside,
    Parts,
    Why,
    Line,
}

impl QuestionKind {
    pub const ALL: [Self; 15] = [
        Self::Landscape,
        Self::Samples,
        Self::Map,
        Self::Point,
        Self::Recall,
        Self::Moment,
        Self::Search,
        Self::Agreement,
        Self::Health,
        Self::Circle,
        Self::Story,
        Self::Inside,
        Self::Parts,
        Self::Why,
        Self::Line,
    ];
}

/// Something that is asked of the explorer.
pub trait Question: Send + 'static {
    const KIND: QuestionKind;

    type Job: Job;

    /// Rises from one question to the next, of whatever kind; answers carry it.
    fn id(&self) -> u64;

    /// Called on the explorer's thread.
    fn begin(self) -> Self::Job;
}

/// A question that is being answered.
pub trait Job: Send {
    /// A part of the answer.
    type Part;

    /// A piece of work of some milliseconds, in parallel on the rayon pool at hand.
    fn advance(&mut self) -> Step<Self::Part>;

    /// Everything that is worth keeping of a question that was stopped, and not in a part yet.
    fn stopped(&mut self) -> Option<Self::Part> {
        None
    }
}

/// The outcome of a piece of work.
#[derive(Debug)]
pub enum Step<P> {
    /// There is more to do; a part of the answer, where it is time for one.
    More(Option<P>),
    /// The answer is whole, with this part as its last.
    Last(Option<P>),
    /// The question cannot be answered to its end; a sentence says why.
    Failed(String),
}

impl<P> Step<P> {
    /// A step from a part that is due, or none, and whether there is more to do.
    pub(super) fn new(part: Option<P>, more: bool) -> Self {
        if more { Self::More(part) } else { Self::Last(part) }
    }

    pub(super) fn map<Q>(self, to: impl FnOnce(P) -> Q) -> Step<Q> {
        match self {
            Self::More(part) => Step::More(part.map(to)),
            Self::Last(part) => Step::Last(part.map(to)),
            Self::Failed(problem) => Step::Failed(problem),
        }
    }
}

/// Time between two parts of an answer.
const PART: Duration = Duration::from_millis(30);
/// A piece of work should take at most this long, so that a question can be stopped.
const PIECE: Duration = Duration::from_millis(8);
/// The most items of a piece.
const MOST: usize = 256;

/// How much to do at a time, learnt from how long it took, and when a part of the answer is due.
pub(super) struct PieceSize {
    /// Points or samples of the next piece.
    pub items: usize,
    last_part: Instant,
}

impl PieceSize {
    pub fn new() -> Self {
        Self { items: 4, last_part: Instant::now() }
    }

    pub fn learn(&mut self, took: Duration) {
        if took < PIECE / 2 {
            self.items = (self.items * 2).min(MOST);
        } else if took > PIECE {
            self.items = (self.items / 2).max(1);
        }
    }

    /// Whether it is time for a part of the answer.
    pub fn part_is_due(&mut self, last: bool) -> bool {
        let due = last || self.last_part.elapsed() >= PART;
        if due {
            self.last_part = Instant::now();
        }
        due
    }
}
