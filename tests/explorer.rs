//! Landscapes asked of the explorer: they come in parts, can be stopped and taken up again, and what follows from them comes
//! with them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use spikescape::engine::{
    Answer, AnswerPart, Centre, Command, Event, Explorer, Frame, LandscapeBegun, LandscapePart, LandscapeQuestion,
    LandscapeSpec, PathLosses, PointQuestion, PointSpec, QuestionKind, RecallQuestion, Run, SamplesQuestion,
    SamplesSpec,
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
    grid: Option<Grid>,
    begun: Option<LandscapeBegun>,
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
        match answer.part {
            Ok(AnswerPart::Landscape(part)) => self.hear_part(part),
            Ok(AnswerPart::Point(look)) => self.looked = Some(look),
            Ok(_) => {}
            Err(problem) => self.failed = Some(problem),
        }
    }

    fn hear_part(&mut self, part: LandscapePart) {
        match part {
            LandscapePart::Begun(begun) => {
                let (known, grid) = (begun.known.as_deref().cloned(), self.grid.expect("it was asked for"));
                self.landscape = Some(known.unwrap_or_else(|| Landscape::new(grid)));
                self.begun = Some(begun);
            }
            LandscapePart::Points(part) => {
                let landscape = self.landscape.as_mut().expect("it was begun");
                landscape.take(&part.points, &part.outputs);
                assert_eq!((part.done, part.of), (landscape.done(), landscape.grid.len()));
                self.numbers.extend(part.points.iter().map(|(number, _)| number));
            }
            LandscapePart::Views(views) => self.views = Some(views),
            LandscapePart::Path(losses) => self.paths.push(losses),
        }
    }

    /// Asks, to hear what is answered.
    fn ask(explorer: &Explorer, question: LandscapeQuestion) -> Self {
        let heard = Self { grid: Some(question.what.grid), ..Self::default() };
        explorer.ask(question);
        heard
    }

    fn all(explorer: &Explorer, question: LandscapeQuestion) -> Self {
        let paths = if question.what.path_losses { 1 + question.others.len() } else { 0 };
        let mut heard = Self::ask(explorer, question);
        heard.listen(explorer, |h| h.failed.is_some() || (h.views.is_some() && h.paths.len() == paths));
        heard
    }

    fn landscape(&self) -> &Landscape {
        self.landscape.as_ref().unwrap()
    }
}

fn fields(id: u64, frame: &Arc<Frame>, points: usize) -> LandscapeQuestion {
    let what = LandscapeSpec { fields: true, ..LandscapeSpec::new(3, Grid { points, range: 1.0 }) };
    LandscapeQuestion::new(id, Arc::clone(frame), what)
}

/// The same with something else asked.
fn with(mut question: LandscapeQuestion, change: impl FnOnce(&mut LandscapeSpec)) -> LandscapeQuestion {
    change(&mut question.what);
    question
}

#[test]
fn a_grid_that_is_taken_up_again_equals_one_that_was_not_interrupted() {
    let (frame, explorer) = (frame(Settings::default(), 30), explorer());
    explorer.leave_a_core(false);
    let whole = Heard::all(&explorer, fields(1, &frame, 41));
    let mut first = Heard::ask(&explorer, fields(2, &frame, 41));
    first.listen(&explorer, |h| !h.numbers.is_empty());
    explorer.stop(QuestionKind::Landscape, 2);
    // the last part comes when the explorer has noticed
    std::thread::sleep(Duration::from_millis(200));
    std::iter::from_fn(|| explorer.answer()).for_each(|answer| first.hear(answer));
    assert!(!first.landscape().is_whole() && first.views.is_none(), "it was stopped");
    let known = Some(Arc::new(first.landscape().clone()));
    let rest = Heard::all(&explorer, LandscapeQuestion { known, ..fields(3, &frame, 41) });
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
    let plain = Heard::all(&explorer, with(fields(2, &frame, 21), |what| what.fields = false));
    let without = plain.views.unwrap();
    assert_eq!((&without.slope, &without.regions), (&views.slope, &views.regions));
    assert!(without.surfaces.iter().all(Option::is_none));
}

#[test]
fn a_path_tells_its_own_losses_and_those_of_its_feet() {
    let (frame, explorer) = (frame(Settings::default(), 30), explorer());
    let other = RunPath { name: "its beginning".into(), moments: Arc::new(frame.moments()[..3].to_vec()) };
    let others = vec![other];
    let question = LandscapeQuestion { others, ..fields(1, &frame, 5) };
    let question = with(question, |what| (what.plane, what.path_losses) = (PlaneKind::Path, true));
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
fn a_look_does_not_wait_for_a_landscape() {
    let (frame, explorer) = (frame(Settings::default(), 30), explorer());
    let mut heard = Heard::ask(&explorer, fields(1, &frame, 201));
    heard.listen(&explorer, |h| h.begun.is_some());
    let measurement = Arc::clone(&heard.begun.as_ref().unwrap().measurement);
    explorer.ask(PointQuestion { id: 2, what: PointSpec { at: [1.0, -1.0], other: [0.0; 2] }, measurement });
    heard.listen(&explorer, |h| h.looked.is_some());
    assert!(!heard.landscape().is_whole(), "the landscape is still under way");
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
    assert_eq!(
        middle(&heard(with(fields(2, &frame, 5), |what| what.over = set))),
        frame.loss,
        "the batch is all there is"
    );
    let probe = heard(with(fields(3, &frame, 5), |what| what.over = LossSamples::Probe));
    assert_ne!(middle(&probe), frame.loss);
    let before = heard(with(fields(4, &frame, 5), |what| what.centre = Centre::Moment(6)));
    let begun = before.begun.as_ref().unwrap();
    assert_eq!((begun.update, begun.measurement.plane.centre.digest()), (6, frame.moments()[6].1.digest()));
    let fixed = Centre::Fixed(6, (&frame.moments()[6].1).into());
    assert_eq!(heard(with(fields(5, &frame, 5), |what| what.centre = fixed)).landscape(), before.landscape());
    let moments = heard(with(fields(6, &frame, 5), |what| what.plane = PlaneKind::Moments { from: 2, to: 8 }));
    assert_eq!(moments.begun.as_ref().unwrap().update, 2);
}

#[test]
fn what_cannot_be_looked_at_is_said() {
    let (frame, explorer) = (frame(Settings::default(), 0), explorer());
    let failed = |question| Heard::all(&explorer, question).failed.unwrap();
    assert!(failed(with(fields(1, &frame, 5), |what| what.plane = PlaneKind::Path)).contains("three"));
    let weight = WeightAt { layer: 9, ..WeightAt::default() };
    let weights = PlaneKind::Weights([weight, WeightAt::default()]);
    assert!(failed(with(fields(2, &frame, 5), |what| what.plane = weights)).contains("9/0/bias"));
    let test = LossSamples::Set { part: Split::Test, most: 9 };
    assert!(failed(with(fields(3, &frame, 5), |what| what.over = test)).contains("no samples"));
    let same = PlaneKind::Gradient { rule: Rule::Antlr, other: Some(Rule::Antlr) };
    assert!(failed(with(fields(4, &frame, 5), |what| what.plane = same)).contains("same direction"));
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
    explorer.ask(RecallQuestion { id: 1, past });
    let params = loop {
        match explorer.answer().map(|answer| answer.part) {
            Some(Ok(AnswerPart::Recall(recalled))) if recalled.update == 601 => break recalled.params,
            Some(other) => panic!("{other:?}"),
            None => assert!(begun.elapsed() < PATIENCE),
        }
    };
    let mut trainer = Trainer::new(Settings::default(), Isa::best());
    (0..601).for_each(|_| trainer.step().unwrap());
    assert_eq!(params.digest(), trainer.params().digest());
}

#[test]
fn a_panic_costs_the_question_that_it_came_from_alone() {
    let (frame, explorer) = (frame(Settings::default(), 3), explorer());
    let mut measurement = Heard::ask(&explorer, fields(1, &frame, 101));
    measurement.listen(&explorer, |h| h.begun.is_some());
    // a frame that cannot be: its network has no weights
    let broken = Arc::new(Frame { params: Arc::default(), ..Frame::clone(&frame) });
    let what = SamplesSpec { split: Split::Train };
    for (id, frame) in [(2, &broken), (3, &frame)] {
        explorer.ask(SamplesQuestion { id, what, frame: Arc::clone(frame) });
        let begun = Instant::now();
        let part = loop {
            assert!(begun.elapsed() < PATIENCE, "it does not come");
            match explorer.answer() {
                Some(answer) if answer.id == id => break answer.part,
                Some(answer) => measurement.hear(answer),
                None => std::thread::sleep(Duration::from_millis(1)),
            }
        };
        match part {
            Err(problem) => assert!(id == 2 && problem.starts_with("The program failed while it"), "{problem}"),
            Ok(part) => assert!(id == 3 && matches!(part, AnswerPart::Samples(_)), "{part:?}"),
        }
    }
    measurement.listen(&explorer, |h| h.views.is_some());
    assert!(measurement.landscape().is_whole() && measurement.failed.is_none(), "the others go on");
}

type Change<'a> = &'a dyn Fn(&mut Frame);

#[test]
fn questions_are_the_same_if_all_that_is_asked_is() {
    let mut settings = Settings::default();
    settings.task.pairs = 2;
    let frame = frame(settings, 4);
    let same = || fields(1, &frame, 5);
    assert!(same().covers(&LandscapeQuestion { id: 2, ..same() }));
    // a new field has to be thought of here, or this is no pattern of all of them
    let LandscapeSpec { centre: _, plane: _, seed: _, grid: _, over: _, fields: _, path_losses: _ } = same().what;
    let others: [&dyn Fn(&mut LandscapeSpec); 6] = [
        &|what| what.centre = Centre::Moment(2),
        &|what| what.plane = PlaneKind::Path,
        &|what| what.seed = 4,
        &|what| what.grid.range = 0.5,
        &|what| what.over = LossSamples::Probe,
        &|what| what.path_losses = true,
    ];
    for (n, change) in others.into_iter().enumerate() {
        let other = with(same(), change);
        assert!(same().what != other.what && !same().covers(&other), "change {n}");
        assert_eq!(same().same_place(&other), n == 5, "change {n}");
    }
    // less of what is measured besides is covered, more is not
    let plain = with(same(), |what| what.fields = false);
    assert!(same().covers(&plain) && !plain.covers(&same()) && plain.same_place(&same()));
    // of the frame counts what the numbers depend on
    let of = |change: Change, question: LandscapeQuestion| {
        let mut other = Frame::clone(&frame);
        change(&mut other);
        LandscapeQuestion { frame: Arc::new(other), ..question }
    };
    let changes: [(Change, bool, bool); 7] = [
        (&|_| {}, true, true),
        (&|f| f.batch = Arc::new(f.batch.to_vec()), true, true),
        (&|f| Arc::make_mut(&mut f.settings).optimiser.learning_rate = 0.5, true, true),
        (&|f| Arc::make_mut(&mut f.settings).rule.surrogate_alpha = 0.5, false, true),
        (&|f| Arc::make_mut(&mut f.settings).neuron.alpha_v = 0.5, false, false),
        (&|f| Arc::make_mut(&mut f.batch).reverse(), false, false),
        (&|f| f.update += 1, false, false),
    ];
    for (n, (change, with_fields, without)) in changes.into_iter().enumerate() {
        assert_eq!(same().covers(&of(change, same())), with_fields, "change {n}");
        assert_eq!(plain.covers(&of(change, plain.clone())), without, "change {n}");
    }
    let fixed = with(same(), |what| what.centre = Centre::Fixed(4, (&frame.params).into()));
    assert!(fixed.measures(&of(&|f| f.update += 1, fixed.clone())), "only the paths go on");
}
