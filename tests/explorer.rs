//! Landscapes asked of the explorer: they come in parts, can be stopped and taken up again, and what follows from them comes
//! with them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use spikescape::engine::{
    Answer, Begun, Centre, Command, Event, Explorer, Frame, LookQuestion, PathLosses, Question, RecallQuestion, Run,
};
use spikescape::landscape::{Grid, Landscape, LossSamples, PlaneKind, PointSpikes, RunPath, Views, WeightAt};
use spikescape::rule::Rule;
use spikescape::snn::Isa;
use spikescape::task::Split;
use spikescape::train::{Settings, Trainer};

const PATIENCE: Duration = Duration::from_secs(60);

fn explorer() -> Explorer {
    Explorer::start(Arc::new(|| {})).unwrap()
}

/// The moment after some updates of a run.
fn frame(settings: Settings, updates: u64) -> Arc<Frame> {
    let run = Run::start(settings, 1, Arc::new(|| {})).unwrap();
    run.send(Command::Advance(updates));
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        match run.frame() {
            Some(frame) if frame.update == updates => return frame,
            _ => std::thread::sleep(Duration::from_millis(1)),
        }
    }
    panic!("no frame of update {updates}");
}

/// Everything that was answered to one question.
#[derive(Default)]
struct Heard {
    begun: Option<Begun>,
    landscape: Option<Landscape>,
    /// In the order in which they came.
    numbers: Vec<u32>,
    views: Option<Arc<Views>>,
    paths: Vec<PathLosses>,
    failed: Option<String>,
    looked: Option<Arc<PointSpikes>>,
}

impl Heard {
    /// Listens until `enough`.
    fn listen(&mut self, explorer: &Explorer, enough: impl Fn(&Heard) -> bool) {
        let begun = Instant::now();
        while !enough(self) {
            assert!(begun.elapsed() < PATIENCE, "it does not come");
            match explorer.answer() {
                Some(answer) => self.hear(answer),
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        }
    }

    fn hear(&mut self, answer: Answer) {
        match answer {
            Answer::Begun(begun) => {
                let known = begun.known.as_deref().cloned();
                self.landscape = Some(known.unwrap_or_else(|| Landscape::new(begun.grid)));
                self.begun = Some(begun);
            }
            Answer::Part(part) => {
                let landscape = self.landscape.as_mut().expect("it was begun");
                landscape.take(&part.points, &part.outputs);
                assert_eq!((part.done, part.of), (landscape.done(), landscape.grid.len()));
                self.numbers.extend(part.points.iter().map(|(number, _)| number));
            }
            Answer::Views { views, .. } => self.views = Some(views),
            Answer::Path(losses) => self.paths.push(losses),
            Answer::Failed { problem, .. } => self.failed = Some(problem),
            Answer::Looked { look, .. } => self.looked = Some(look),
            Answer::Samples(_) | Answer::Map(_) | Answer::Recalled { .. } => {}
        }
    }

    fn all(explorer: &Explorer, question: Question) -> Self {
        let (mut heard, paths) = (Self::default(), if question.path_losses { 1 + question.others.len() } else { 0 });
        explorer.ask(question);
        heard.listen(explorer, |h| h.failed.is_some() || (h.views.is_some() && h.paths.len() == paths));
        heard
    }

    fn landscape(&self) -> &Landscape {
        self.landscape.as_ref().unwrap()
    }
}

fn fields(id: u64, frame: &Arc<Frame>, points: usize) -> Question {
    Question { fields: true, ..Question::new(id, Arc::clone(frame), 3, Grid { points, range: 1.0 }) }
}

#[test]
fn a_grid_that_is_taken_up_again_equals_one_that_was_not_interrupted() {
    let (frame, explorer) = (frame(Settings::default(), 30), explorer());
    explorer.leave_a_core(false);
    let whole = Heard::all(&explorer, fields(1, &frame, 41));
    let mut first = Heard::default();
    explorer.ask(fields(2, &frame, 41));
    first.listen(&explorer, |h| !h.numbers.is_empty());
    explorer.stop(2);
    // the last part comes when the explorer has noticed
    std::thread::sleep(Duration::from_millis(200));
    std::iter::from_fn(|| explorer.answer()).for_each(|answer| first.hear(answer));
    assert!(!first.landscape().is_whole() && first.views.is_none(), "it was stopped");
    let known = Some(Arc::new(first.landscape().clone()));
    let rest = Heard::all(&explorer, Question { known, ..fields(3, &frame, 41) });
    assert_eq!(rest.landscape(), whole.landscape());
    assert_eq!(rest.views, whole.views);
    let mut numbers = [first.numbers, rest.numbers].concat();
    numbers.sort_unstable();
    assert!(numbers.into_iter().eq(0..41 * 41), "each point is measured once");
}

#[test]
fn what_follows_comes_with_the_whole() {
    let (frame, explorer) = (frame(Settings::default(), 30), explorer());
    let heard = Heard::all(&explorer, fields(1, &frame, 21));
    let (views, landscape) = (heard.views.as_ref().unwrap(), heard.landscape());
    assert_eq!(landscape.losses()[220].to_bits(), frame.loss.to_bits());
    assert_eq!(views.comparison.interior, 19 * 19);
    assert!(views.surfaces.iter().all(Option::is_some) && views.regions.number > 10);
    assert_eq!(**views, landscape.views());
    // without the fields there is nothing to fit, but slope and regions
    let plain = Heard::all(&explorer, Question { fields: false, ..fields(2, &frame, 21) });
    let without = plain.views.unwrap();
    assert_eq!((&without.slope, &without.regions), (&views.slope, &views.regions));
    assert!(without.surfaces.iter().all(Option::is_none));
}

#[test]
fn a_path_tells_its_own_losses_and_those_of_its_feet() {
    let (frame, explorer) = (frame(Settings::default(), 30), explorer());
    let other = RunPath { name: "its beginning".into(), moments: Arc::new(frame.moments()[..3].to_vec()) };
    let others = vec![other];
    let question = Question { plane: PlaneKind::Path, path_losses: true, others, ..fields(1, &frame, 5) };
    let heard = Heard::all(&explorer, question);
    let begun = heard.begun.as_ref().unwrap();
    let path = &begun.paths[0];
    assert_eq!((path.points.len(), begun.paths[1].points.len(), begun.update), (31, 3, 30));
    assert!(path.share.unwrap() > 0.5, "{:?}", path.share);
    assert_eq!(begun.paths[1].points[..], path.points[..3], "the same moments");
    let losses = &heard.paths[0].losses;
    assert_eq!((losses.len(), losses[0].update, heard.paths[1].losses[..] == losses[..3]), (31, 0, true));
    // the last is the centre: it lies in the plane
    assert_eq!((losses[30].own.to_bits(), losses[30].foot.to_bits()), (frame.loss.to_bits(), frame.loss.to_bits()));
    assert!(losses.iter().any(|l| l.own != l.foot), "the others lie beside it");
}

#[test]
fn a_look_does_not_wait_for_a_survey() {
    let (frame, explorer) = (frame(Settings::default(), 30), explorer());
    let mut heard = Heard::default();
    explorer.ask(fields(1, &frame, 201));
    heard.listen(&explorer, |h| h.begun.is_some());
    let survey = Arc::clone(&heard.begun.as_ref().unwrap().survey);
    explorer.ask_look(LookQuestion { id: 2, survey, at: [1.0, -1.0], beside: [0.0; 2] });
    heard.listen(&explorer, |h| h.looked.is_some());
    assert!(!heard.landscape().is_whole(), "the survey is still under way");
    let look = heard.looked.clone().unwrap();
    assert!(look.beside.iter().eq(&frame.spikes) && look.changes.layers.iter().any(|l| !l.edits.is_empty()));
    heard.listen(&explorer, |h| h.numbers.contains(&(200 * 201)));
    assert_eq!(heard.landscape().at(200, 0), Some(&look.point));
}

#[test]
fn centre_and_samples_are_those_asked_for() {
    let mut settings = Settings::default();
    settings.task.pairs = 4;
    let (frame, explorer) = (frame(settings, 9), explorer());
    let heard = |question| Heard::all(&explorer, question);
    let middle = |h: &Heard| h.landscape().at(2, 2).unwrap().loss;
    let now = heard(fields(1, &frame, 5));
    assert_eq!(middle(&now), frame.loss);
    let set = LossSamples::Set { part: Split::Train, most: 100 };
    assert_eq!(middle(&heard(Question { over: set, ..fields(2, &frame, 5) })), frame.loss, "the batch is all there is");
    let probe = heard(Question { over: LossSamples::Probe, ..fields(3, &frame, 5) });
    assert_ne!(middle(&probe), frame.loss);
    let before = heard(Question { centre: Centre::Moment(6), ..fields(4, &frame, 5) });
    let begun = before.begun.as_ref().unwrap();
    assert_eq!((begun.update, begun.survey.plane.centre.digest()), (6, frame.moments()[6].1.digest()));
    let fixed = Centre::Fixed(6, Arc::clone(&frame.moments()[6].1));
    assert_eq!(heard(Question { centre: fixed, ..fields(5, &frame, 5) }).landscape(), before.landscape());
    let moments = heard(Question { plane: PlaneKind::Moments { from: 2, to: 8 }, ..fields(6, &frame, 5) });
    assert_eq!(moments.begun.as_ref().unwrap().update, 2);
}

#[test]
fn what_cannot_be_looked_at_is_said() {
    let (frame, explorer) = (frame(Settings::default(), 0), explorer());
    let failed = |question| Heard::all(&explorer, question).failed.unwrap();
    assert!(failed(Question { plane: PlaneKind::Path, ..fields(1, &frame, 5) }).contains("three"));
    let weight = WeightAt { layer: 9, ..WeightAt::default() };
    let weights = PlaneKind::Weights([weight, WeightAt::default()]);
    assert!(failed(Question { plane: weights, ..fields(2, &frame, 5) }).contains("9/0/bias"));
    let test = LossSamples::Set { part: Split::Test, most: 9 };
    assert!(failed(Question { over: test, ..fields(3, &frame, 5) }).contains("no samples"));
    let same = PlaneKind::Gradient { rule: Rule::Antlr, other: Some(Rule::Antlr) };
    assert!(failed(Question { plane: same, ..fields(4, &frame, 5) }).contains("same direction"));
}

#[test]
fn any_moment_is_recalled_to_the_bit() {
    let explorer = explorer();
    let run = Run::start(Settings::default(), 1, Arc::new(|| {})).unwrap();
    // more than are remembered
    run.send(Command::Advance(700));
    let begun = Instant::now();
    while run.frame().is_none_or(|frame| frame.update < 700) {
        assert!(begun.elapsed() < PATIENCE);
        std::thread::sleep(Duration::from_millis(1));
    }
    run.send(Command::Recall(601));
    let past = loop {
        if let Event::Past(past) = run.wait(PATIENCE).expect("it answers") {
            break past;
        }
    };
    explorer.ask_recall(RecallQuestion { id: 1, past });
    let params = loop {
        match explorer.answer() {
            Some(Answer::Recalled { update: 601, params, .. }) => break params,
            Some(other) => panic!("{other:?}"),
            None => assert!(begun.elapsed() < PATIENCE),
        }
    };
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..601).for_each(|_| trainer.step().unwrap());
    assert_eq!(params.digest(), trainer.params().digest());
}
