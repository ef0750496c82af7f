//! What has to be measured before a view can be drawn, at once and on the thread that asks; in parallel on the rayon pool at
//! hand. The same questions as the window asks, so the same numbers.

use std::sync::Arc;

use super::scene::{FigureAnswers, FigureCells, FigureLandscape};
use crate::engine::{
    Centre, Frame, Job, LandscapePart, LandscapeQuestion, LandscapeSpec, MapQuestion, MapSpec, Question,
    SamplesQuestion, SamplesSpec, Step,
};
use crate::file::Progress;
use crate::landscape::Landscape;
use crate::task::{Split, TaskKind};
use crate::train::Evaluation;

/// What is said where somebody stopped it.
pub const STOPPED: &str = "Stopped.";

/// Hands every part of the answer to `take`.
fn answer<Q: Question>(
    question: Q,
    progress: &Progress,
    mut take: impl FnMut(<Q::Job as Job>::Part),
) -> Result<(), String> {
    let mut job = question.begin();
    loop {
        progress.check().map_err(|_| STOPPED.to_owned())?;
        match job.advance() {
            Step::More(part) => part.into_iter().for_each(&mut take),
            Step::Last(part) => {
                part.into_iter().for_each(&mut take);
                return Ok(());
            }
            Step::Failed(problem) => return Err(problem),
        }
    }
}

/// The landscape around a moment.
pub fn landscape(frame: &Arc<Frame>, spec: &LandscapeSpec, progress: &Progress) -> Result<FigureLandscape, String> {
    let mut begun = None;
    let mut landscape = Landscape::new(spec.grid);
    answer(LandscapeQuestion::new(0, Arc::clone(frame), spec.clone()), progress, |part| match part {
        LandscapePart::Begun(plane) => begun = Some(plane),
        LandscapePart::Points(part) => landscape.take(&part.points, &part.outputs),
        LandscapePart::Views(_) | LandscapePart::Path(_) => {}
    })?;
    let begun = begun.ok_or("The plane of the landscape could not be made.")?;
    let (update, measurement) = (begun.update, begun.measurement);
    let path = begun.paths.into_iter().next().unwrap_or_default();
    Ok(FigureLandscape { at: frame.update, update, spec: spec.clone(), landscape, path, measurement })
}

/// The same with weights of the run after `update` updates in the centre.
pub fn around(spec: &LandscapeSpec, centre: &Frame) -> LandscapeSpec {
    LandscapeSpec { centre: Centre::Fixed(centre.update, (&centre.params).into()), ..spec.clone() }
}

/// The answers to all samples of a split.
pub fn answers(frame: &Arc<Frame>, split: Split, progress: &Progress) -> Result<FigureAnswers, String> {
    if !frame.task.labelled || frame.task.len(split) == 0 {
        return Err(format!("There are no samples with classes ({}), so there is no accuracy.", split.key()));
    }
    let mut evaluation = Evaluation { answers: Vec::new() };
    let question = SamplesQuestion { id: 0, what: SamplesSpec { split }, frame: Arc::clone(frame) };
    answer(question, progress, |part| evaluation.answers.extend(part.answers))?;
    Ok(FigureAnswers { update: frame.update, split, evaluation })
}

/// The decision map of Yin-Yang.
pub fn cells(frame: &Arc<Frame>, points: usize, progress: &Progress) -> Result<FigureCells, String> {
    if frame.task.settings.kind != TaskKind::YinYang {
        return Err("Only the task Yin-Yang lies in a plane, so there is no decision map.".into());
    }
    let mut cells = Vec::new();
    let question = MapQuestion { id: 0, what: MapSpec { points }, frame: Arc::clone(frame) };
    answer(question, progress, |part| cells.extend(part.cells))?;
    cells.sort_unstable_by_key(|cell| cell.number);
    Ok(FigureCells { update: frame.update, points, cells })
}
