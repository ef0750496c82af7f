//! A run made again for its figures: any moment of it, with what its views need measured.

use std::sync::Arc;

use super::measure::{self, STOPPED};
use super::options::{FigureCurve, FigureOptions, FigureView};
use super::scene::FigureScene;
use crate::engine::{Frame, LandscapeSpec, RunReplay};
use crate::file::Progress;
use crate::record::Log;
use crate::task::TaskKind;

/// What is wanted of a run.
#[derive(Clone, Debug)]
pub struct FigureWishes {
    pub options: FigureOptions,
    pub landscape: LandscapeSpec,
    /// The moment in the centre of the landscape; the one that is shown without it.
    pub centre: Option<u64>,
    /// Points along each side of the decision map.
    pub points: usize,
}

/// A run that is being made again.
pub struct FigureRun {
    replay: RunReplay,
    log: Arc<Log>,
    wishes: FigureWishes,
    centre: Option<Arc<Frame>>,
}

impl FigureRun {
    /// At its beginning; `log` ends where the run does.
    ///
    /// # Errors
    /// When it cannot be made again; a sentence says why.
    pub fn new(log: Arc<Log>, wishes: FigureWishes, views: &[FigureView], progress: &Progress) -> Result<Self, String> {
        let validates = views.contains(&FigureView::Curves) && wishes.options.curve == FigureCurve::Accuracy;
        let replay = RunReplay::new(&log, wishes.options.look_back, validates, progress)?;
        Ok(Self::from(replay, log, wishes))
    }

    /// From where a replay is.
    pub fn from(replay: RunReplay, log: Arc<Log>, wishes: FigureWishes) -> Self {
        let mut run = Self { replay, log, wishes, centre: None };
        run.keep_centre();
        run
    }

    pub fn update(&self) -> u64 {
        self.replay.update()
    }

    /// The views that its task has.
    pub fn possible_views(&mut self) -> Vec<FigureView> {
        let frame = self.replay.frame();
        let answered = frame.task.labelled && frame.task.len(self.wishes.options.split) > 0;
        let there = |view: &FigureView| match view {
            FigureView::Accuracy | FigureView::Samples => answered,
            FigureView::DecisionMap => frame.task.settings.kind == TaskKind::YinYang,
            _ => true,
        };
        FigureView::ALL.into_iter().filter(there).collect()
    }

    fn keep_centre(&mut self) {
        if self.wishes.centre == Some(self.replay.update()) {
            self.centre = Some(self.replay.frame());
        }
    }

    /// Updates until the run is at `update`; `progress` counts them, and can stop it.
    ///
    /// # Errors
    /// When it was stopped, or the run cannot go on.
    pub fn advance(&mut self, update: u64, progress: &Progress) -> Result<(), String> {
        while self.replay.update() < update {
            progress.check().map_err(|_| STOPPED.to_owned())?;
            self.replay.step().map_err(|halt| format!("The run cannot be made again: {halt}."))?;
            self.keep_centre();
            progress.add(1);
        }
        Ok(())
    }

    /// The moment at which it is, with what these views need.
    ///
    /// # Errors
    /// When it was stopped, or something cannot be measured.
    pub fn scene(&mut self, views: &[FigureView], progress: &Progress) -> Result<FigureScene, String> {
        let frame = self.replay.frame();
        let wants = |view| views.contains(&view);
        let landscape = match wants(FigureView::Landscape) {
            true => Some(Arc::new(measure::landscape(&frame, &self.spec()?, progress)?)),
            false => None,
        };
        let answers = match wants(FigureView::Accuracy) || wants(FigureView::Samples) {
            true => Some(Arc::new(measure::answers(&frame, self.wishes.options.split, progress)?)),
            false => None,
        };
        let cells = match wants(FigureView::DecisionMap) {
            true => Some(Arc::new(measure::cells(&frame, self.wishes.points, progress)?)),
            false => None,
        };
        let curves = if wants(FigureView::Curves) { self.replay.curves().clone() } else { Default::default() };
        Ok(FigureScene { frame, log: Arc::clone(&self.log), curves: Arc::new(curves), landscape, answers, cells })
    }

    fn spec(&self) -> Result<LandscapeSpec, String> {
        let fields = self.wishes.options.colour.rule().is_some();
        let wanted = LandscapeSpec { fields, ..self.wishes.landscape.clone() };
        match (self.wishes.centre, &self.centre) {
            (None, _) => Ok(wanted),
            (Some(_), Some(frame)) => Ok(measure::around(&wanted, frame)),
            (Some(centre), None) => {
                Err(format!("The centre of the landscape, update {centre}, comes after the moment that is shown."))
            }
        }
    }

    /// A moment, and the curves of the whole run where they are wanted.
    ///
    /// # Errors
    /// As [`FigureRun::advance`] and [`FigureRun::scene`].
    pub fn moment(&mut self, at: u64, views: &[FigureView], progress: &Progress) -> Result<FigureScene, String> {
        self.advance(at, progress)?;
        let mut scene = self.scene(views, progress)?;
        if views.contains(&FigureView::Curves) {
            self.advance(scene.newest(), progress)?;
            scene.curves = Arc::new(self.replay.curves().clone());
        }
        Ok(scene)
    }
}
