use std::time::Duration;

use super::*;
use crate::engine::{Centre, Explorer, Frame, Surveyed};
use crate::gui::state::fixtures;
use crate::landscape::fixtures::{landscape, point};
use crate::landscape::{Grid, Objective, OnPlane, Placed, Plane, Survey};
use crate::snn::Isa;
use crate::train::Settings;

const POINTS: usize = 5;

fn frame() -> Arc<Frame> {
    fixtures::frame(Settings::default())
}

fn question(id: u64, frame: &Arc<Frame>, range: f32) -> Question {
    Question::new(id, Arc::clone(frame), 0, Grid { points: POINTS, range })
}

fn begun(question: &Question) -> Answer {
    let &Question { id, ref frame, grid, seed, .. } = question;
    let paths =
        vec![OnPlane { points: vec![Placed { update: frame.update, ..Placed::default() }], ..OnPlane::default() }];
    let plane = Arc::new(Plane::random(&frame.net, Arc::clone(&frame.params), seed));
    let objective = Objective::of_batch(&frame.net, &frame.settings, &frame.batch, Isa::best());
    let survey = Arc::new(Survey { objective, plane, fields: false });
    Answer::Begun(Begun { id, update: frame.update, grid, seed, survey, paths, known: None })
}

/// The points from `done` before up to `done`, all with the loss `loss`.
fn part(id: u64, points: std::ops::Range<u32>, loss: f64) -> Answer {
    let (done, of) = (points.end as usize, POINTS * POINTS);
    let points = points.map(|p| (p, point(loss))).collect();
    Answer::Part(Surveyed { id, points, outputs: Vec::new(), done, of, took: Duration::from_secs(1) })
}

/// Views of the whole landscape.
fn views(id: u64) -> Answer {
    Answer::Views { id, views: Arc::new(landscape(POINTS, |_, _| 0.5).views()) }
}

/// Asks `question` of a real explorer and hears until the answer is whole.
fn answer_all(view: &mut LandscapeState, explorer: &Explorer, question: Question) {
    view.ask(&question);
    explorer.ask(question);
    while view.running() {
        match explorer.answer() {
            Some(answer) => view.on_answer(answer),
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

#[test]
fn the_first_view_is_shown_from_its_first_points_on() {
    let question = question(1, &frame(), 1.0);
    let mut view = LandscapeState::default();
    view.ask(&question);
    view.on_answer(begun(&question));
    assert!(view.shown().is_none(), "a grid without any point is nothing to see");
    view.on_answer(part(1, 0..5, 0.5));
    let (shown, version) = (view.shown().unwrap(), view.version());
    assert_eq!((shown.done(), shown.loss(0, 4), shown.loss(1, 0)), (5, Some(0.5), None));
    assert_eq!(view.progress().unwrap().left(), Some(Duration::from_secs(4)));
    view.on_answer(part(1, 5..25, 0.5));
    assert!(view.running(), "what follows from the points is still to come");
    view.on_answer(views(1));
    assert!(!view.running() && view.shown().unwrap().is_complete() && view.version() > version);
}

#[test]
fn following_keeps_the_old_until_the_new_is_whole() {
    let frame = frame();
    let mut view = LandscapeState::default();
    for (id, loss) in [(1, 0.5), (2, 0.25)] {
        let question = question(id, &frame, 1.0);
        view.ask(&question);
        view.on_answer(begun(&question));
        let version = view.version();
        view.on_answer(part(id, 0..5, loss));
        if id == 2 {
            assert_eq!((view.shown().unwrap().loss(0, 0), view.version()), (Some(0.5), version));
            let progress = view.progress().unwrap();
            assert_eq!((progress.done, progress.of, progress.behind), (5, 25, true));
        }
        view.on_answer(part(id, 5..25, loss));
        let kept = view.shown().unwrap().id();
        assert_eq!(kept, 1, "the surfaces that are in view stay, too");
        view.on_answer(views(id));
        assert_eq!(view.shown().unwrap().loss(4, 4), Some(loss));
    }
}

#[test]
fn another_range_replaces_it_at_once() {
    let frame = frame();
    let mut view = LandscapeState::default();
    answer_all(&mut view, &Explorer::start(Arc::new(|| {})).unwrap(), question(1, &frame, 1.0));
    let question = question(2, &frame, 0.1);
    assert!(!view.answers(&question));
    view.ask(&question);
    view.on_answer(begun(&question));
    assert!(view.shown().unwrap().is_whole(), "until something is known of the new one");
    view.on_answer(part(2, 0..5, 0.5));
    assert_eq!((view.shown().unwrap().done(), view.shown().unwrap().grid().range), (5, 0.1));
}

#[test]
fn stopping_keeps_what_is_there_and_asking_again_works() {
    let frame = frame();
    let explorer = Explorer::start(Arc::new(|| {})).unwrap();
    let mut view = LandscapeState::default();
    let first = question(1, &frame, 1.0);
    view.ask(&first);
    view.on_answer(begun(&first));
    view.on_answer(part(1, 0..5, 0.5));
    explorer.stop(1);
    view.stop();
    // what was under way already is not heard any more
    view.on_answer(part(1, 5..25, 0.5));
    assert!(!view.running());
    assert_eq!(view.shown().unwrap().done(), 5);
    assert!(!view.answers(&first), "it is not whole");
    answer_all(&mut view, &explorer, question(3, &frame, 1.0));
    assert!(view.shown().unwrap().is_whole() && view.answers(&first));
    assert_eq!(view.shown().unwrap().loss(2, 2), Some(frame.loss), "the centre has the loss of the run");
}

#[test]
fn the_newest_question_wins() {
    let frame = frame();
    let explorer = Explorer::start(Arc::new(|| {})).unwrap();
    let mut view = LandscapeState::default();
    for (id, range) in [(1, 1.0), (2, 0.5)] {
        let question = Question { grid: Grid { points: 31, range }, ..question(id, &frame, 1.0) };
        view.ask(&question);
        explorer.ask(question);
    }
    answer_all(&mut view, &explorer, question(3, &frame, 0.1));
    let shown = view.shown().unwrap();
    assert_eq!((shown.id(), shown.grid().range, shown.is_whole()), (3, 0.1, true));
}

#[test]
fn a_new_run_forgets_it_but_its_version_goes_on() {
    let frame = frame();
    let mut view = LandscapeState::default();
    let question = question(1, &frame, 1.0);
    answer_all(&mut view, &Explorer::start(Arc::new(|| {})).unwrap(), question.clone());
    let version = view.version();
    view.reset();
    assert!(view.shown().is_none() && !view.running() && view.version() > version);
    view.on_answer(begun(&question));
    view.on_answer(part(1, 0..25, 0.5));
    assert!(view.shown().is_none(), "late news of the old run are not heard");
}

#[test]
fn what_was_stopped_is_resumed_with_what_is_known() {
    let frame = frame();
    let explorer = Explorer::start(Arc::new(|| {})).unwrap();
    let mut view = LandscapeState::default();
    let first = question(1, &frame, 1.0);
    view.ask(&first);
    view.on_answer(begun(&first));
    view.on_answer(part(1, 0..5, 0.5));
    assert!(view.resumed(2).is_none(), "it is still under way");
    view.stop();
    let rest = view.resumed(2).unwrap();
    assert_eq!(rest.known.as_ref().unwrap().done(), 5);
    answer_all(&mut view, &explorer, rest);
    let shown = view.shown().unwrap();
    assert!(shown.is_complete() && view.resumed(3).is_none());
    assert_eq!((shown.loss(0, 4), shown.loss(2, 2)), (Some(0.5), Some(frame.loss)), "nothing is measured twice");
    // the same with fields is another thing; without path losses it is there
    assert!(view.answers(&question(4, &frame, 1.0)));
    assert!(!view.answers(&Question { fields: true, ..question(4, &frame, 1.0) }));
    let paths = Question { path_losses: true, ..question(4, &frame, 1.0) };
    assert!(!view.answers(&paths) && view.known(&paths).unwrap().is_whole());
    let later = Frame { update: 1, ..Frame::clone(&frame) };
    assert!(view.known(&question(5, &Arc::new(later), 1.0)).is_none(), "the centre has moved");
}

#[test]
fn a_centre_that_stays_is_not_measured_again() {
    let frame = frame();
    let fixed = Centre::Fixed(0, Arc::clone(&frame.params));
    let question = Question { centre: fixed, ..question(1, &frame, 1.0) };
    let mut view = LandscapeState::default();
    answer_all(&mut view, &Explorer::start(Arc::new(|| {})).unwrap(), question.clone());
    let later = Arc::new(Frame { update: 7, ..Frame::clone(&frame) });
    let next = Question { id: 2, frame: later, ..question };
    assert!(!view.answers(&next), "the path goes on");
    assert!(view.known(&next).unwrap().is_whole());
}

#[test]
fn what_cannot_be_is_said_and_not_asked_again() {
    let frame = frame();
    let same = crate::landscape::WeightAt::default();
    let plane = crate::landscape::PlaneKind::Weights([same, same]);
    let question = Question { plane, ..question(1, &frame, 1.0) };
    let mut view = LandscapeState::default();
    answer_all(&mut view, &Explorer::start(Arc::new(|| {})).unwrap(), question.clone());
    assert!(view.problem().unwrap().contains("two different weights"));
    assert!(view.answers(&question) && view.shown().is_none());
    view.ask(&Question { id: 2, plane: crate::landscape::PlaneKind::Random, ..question });
    assert!(view.problem().is_none());
}
