use std::time::Instant;

use super::*;
use crate::engine::{
    AnswerPart, Centre, Explorer, Frame, LandscapeBegun, LandscapePoints, LandscapeSpec, QuestionKind,
};
use crate::gui::state::{FollowStep, fixtures};
use crate::landscape::fixtures::{landscape, point};
use crate::landscape::{Grid, Measurement, Objective, Plane, PlaneKind, ProjectedMoment, ProjectedPath, WeightAt};
use crate::snn::Isa;
use crate::train::Settings;

const POINTS: usize = 5;
const SECOND: Duration = Duration::from_secs(1);

fn frame() -> Arc<Frame> {
    fixtures::frame(Settings::default())
}

fn spec(range: f32) -> LandscapeSpec {
    LandscapeSpec::new(0, Grid { points: POINTS, range })
}

fn question(id: u64, frame: &Arc<Frame>, range: f32) -> LandscapeQuestion {
    LandscapeQuestion::new(id, Arc::clone(frame), spec(range))
}

fn begun(question: &LandscapeQuestion) -> LandscapePart {
    let LandscapeQuestion { frame, what, .. } = question;
    let paths = vec![ProjectedPath {
        points: vec![ProjectedMoment { update: frame.update, ..ProjectedMoment::default() }],
        ..ProjectedPath::default()
    }];
    let plane = Arc::new(Plane::random(&frame.net, Arc::clone(&frame.params), what.seed));
    let objective = Objective::of_batch(&frame.net, &frame.settings, &frame.batch, Isa::best());
    let measurement = Arc::new(Measurement { objective, plane, fields: false });
    LandscapePart::Begun(LandscapeBegun { update: frame.update, measurement, paths, known: None })
}

/// The points from `done` before up to `done`, all with the loss `loss`.
fn part(points: std::ops::Range<u32>, loss: f64) -> LandscapePart {
    let (done, of) = (points.end as usize, POINTS * POINTS);
    let points = points.map(|p| (p, point(loss))).collect();
    LandscapePart::Points(LandscapePoints { points, outputs: Vec::new(), done, of })
}

/// Everything that follows from the whole.
fn views() -> LandscapePart {
    LandscapePart::Views(Arc::new(landscape(POINTS, |_, _| 0.5).views()))
}

/// Asks `question` of a real explorer and takes in its answer until it is whole.
fn answer_all(view: &mut LandscapeState, explorer: &Explorer, question: LandscapeQuestion) {
    view.ask(question.clone());
    explorer.ask(question);
    while view.latest().running() {
        match explorer.answer() {
            Some(answer) => match answer.part {
                Ok(AnswerPart::Landscape(part)) => view.on_part(answer.id, answer.took, part),
                Ok(other) => panic!("{other:?}"),
                Err(problem) => drop(view.on_failed(answer.id, &problem)),
            },
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}

fn explorer() -> Explorer {
    Explorer::start(Arc::new(|| {})).unwrap()
}

#[test]
fn it_is_shown_from_its_first_points_on_and_waits_for_all_that_follows_from_them() {
    let (frame, mut view) = (frame(), LandscapeState::default());
    for (id, loss) in [(1, 0.5), (2, 0.25)] {
        let question = question(id, &frame, 1.0);
        view.ask(question.clone());
        view.on_part(id, SECOND, begun(&question));
        assert_eq!(view.shown().is_some(), id == 2, "a grid without any point is nothing to see");
        view.on_part(id, SECOND, part(0..5, loss));
        let shown = view.shown().unwrap();
        assert_eq!((shown.loss(0, 4), shown.loss(1, 0).is_some()), (Some(0.5), id == 2));
        view.on_part(id, SECOND, part(5..25, loss));
        assert_eq!((view.latest().running(), view.shown().unwrap().id()), (true, 1), "the surfaces in view stay, too");
        view.on_part(id, SECOND, views());
        assert!(!view.latest().running() && view.shown().unwrap().is_complete());
        assert_eq!(view.shown().unwrap().loss(4, 4), Some(loss));
    }
}

#[test]
fn one_without_losses_along_the_path_takes_the_place_of_one_with_them_when_it_is_whole() {
    let (before, mut view, explorer) = (frame(), LandscapeState::default(), explorer());
    let what = LandscapeSpec { fields: true, path_losses: true, ..spec(1.0) };
    answer_all(&mut view, &explorer, LandscapeQuestion { what, ..question(1, &before, 1.0) });
    assert!(view.shown().unwrap().losses[0].is_some());
    let now = Arc::new(Frame { update: 1, ..Frame::clone(&before) });
    let next = question(2, &now, 1.0);
    answer_all(&mut view, &explorer, next.clone());
    assert_eq!((view.shown().unwrap().id(), view.latest().running()), (2, false));
    assert!(view.latest().answers(&question(3, &now, 1.0)), "it is not asked for again and again");
}

#[test]
fn another_grid_lets_go_of_the_cells_that_were_pointed_at() {
    let (frame, mut view) = (frame(), LandscapeState::default());
    answer_all(&mut view, &explorer(), question(1, &frame, 1.0));
    view.pinned = Some((1, 2));
    answer_all(&mut view, &explorer(), question(2, &frame, 0.1));
    assert_eq!((view.pinned, view.shown().unwrap().grid().range), (Some((1, 2)), 0.1));
    let what = LandscapeSpec { grid: Grid { points: 7, range: 0.1 }, ..spec(0.1) };
    answer_all(&mut view, &explorer(), LandscapeQuestion { what, ..question(3, &frame, 0.1) });
    assert_eq!(view.pinned, None);
}

#[test]
fn a_new_run_forgets_all_but_the_weights_that_were_fixed() {
    let (frame, mut view) = (frame(), LandscapeState::default());
    answer_all(&mut view, &explorer(), question(1, &frame, 1.0));
    (view.pinned, view.fixed) = (Some((1, 2)), Some((0, Arc::clone(&frame.params))));
    let version = view.latest().version();
    view.reset();
    assert!(view.shown().is_none() && view.pinned.is_none() && view.latest().version() > version);
    assert!(view.fixed.is_some());
}

#[test]
fn what_was_stopped_is_resumed_with_what_is_known() {
    let (frame, explorer, mut view) = (frame(), explorer(), LandscapeState::default());
    let first = question(1, &frame, 1.0);
    view.ask(first.clone());
    view.on_part(1, SECOND, begun(&first));
    view.on_part(1, SECOND, part(0..5, 0.5));
    assert!(view.resumed(2).is_none(), "it is still on its way");
    explorer.stop(QuestionKind::Landscape, 1);
    view.stop();
    assert!(!view.latest().answers(&first), "it is not whole");
    let rest = view.resumed(2).unwrap();
    assert_eq!(rest.known.as_ref().unwrap().done(), 5);
    answer_all(&mut view, &explorer, rest);
    let shown = view.shown().unwrap();
    assert!(shown.is_complete() && view.resumed(3).is_none());
    assert_eq!((shown.loss(0, 4), shown.loss(2, 2)), (Some(0.5), Some(frame.loss)), "nothing is measured twice");
    // the same with fields is another thing; without path losses it is there
    let with = |what| LandscapeQuestion { what, ..question(4, &frame, 1.0) };
    assert!(view.latest().answers(&question(4, &frame, 1.0)));
    assert!(!view.latest().answers(&with(LandscapeSpec { fields: true, ..spec(1.0) })));
    let paths = with(LandscapeSpec { path_losses: true, ..spec(1.0) });
    assert!(!view.latest().answers(&paths) && view.known(&paths).unwrap().is_whole());
    let later = Frame { update: 1, ..Frame::clone(&frame) };
    assert!(view.known(&question(5, &Arc::new(later), 1.0)).is_none(), "the centre has moved");
}

#[test]
fn a_centre_that_stays_is_not_measured_again() {
    let (frame, mut view) = (frame(), LandscapeState::default());
    let what = LandscapeSpec { centre: Centre::Fixed(0, (&frame.params).into()), ..spec(1.0) };
    let question = LandscapeQuestion { what, ..question(1, &frame, 1.0) };
    answer_all(&mut view, &explorer(), question.clone());
    let later = Arc::new(Frame { update: 7, ..Frame::clone(&frame) });
    let next = LandscapeQuestion { id: 2, frame: later, ..question };
    assert!(!view.latest().answers(&next), "the path goes on");
    assert!(view.known(&next).unwrap().is_whole());
}

#[test]
fn what_cannot_be_is_said_and_not_asked_again_at_the_same_moment() {
    let (frame, mut view) = (frame(), LandscapeState::default());
    let what = LandscapeSpec { plane: PlaneKind::Weights([WeightAt::default(); 2]), ..spec(1.0) };
    let impossible = LandscapeQuestion { what, ..question(1, &frame, 1.0) };
    answer_all(&mut view, &explorer(), impossible.clone());
    assert!(view.latest().problem().unwrap().contains("two different weights"));
    assert!(view.latest().answers(&impossible) && view.shown().is_none());
    let later = Arc::new(Frame { update: 1, ..Frame::clone(&frame) });
    let again = LandscapeQuestion { frame: later, ..impossible };
    assert_eq!(
        view.latest().next(&again, Instant::now() + SECOND),
        FollowStep::Ask,
        "what a plane needs may have come"
    );
    view.ask(question(2, &frame, 1.0));
    assert!(view.latest().problem().is_none());
}

#[test]
fn a_place_that_moves_with_the_run_does_not_stop_what_is_on_its_way() {
    let (frame, mut view) = (frame(), LandscapeState::default());
    let at = |id, moment| {
        let what = LandscapeSpec { centre: Centre::Moment(moment), ..spec(1.0) };
        LandscapeQuestion { what, ..question(id, &frame, 1.0) }
    };
    view.ask(at(1, 300));
    assert_eq!(view.latest().next(&at(2, 301), Instant::now()), FollowStep::Nothing);
    let mut deeper = at(2, 300);
    deeper.what.fields = true;
    assert!(view.latest().lacks(&deeper) && !view.latest().lacks(&at(2, 301)));
    assert_eq!(view.latest().next(&deeper, Instant::now()), FollowStep::Ask);
}
