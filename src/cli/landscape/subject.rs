//! Whose landscape it is: a checkpoint, weights, or a new run, as the command line says.

use std::sync::Arc;

use crate::landscape::Grid;
use crate::machine::memory;
use crate::snn::Isa;
use crate::sweep::landscape::{LandscapeAsk, LandscapeScene, LandscapeSubject};
use crate::task;
use crate::task::progress::Progress;
use crate::train::{Settings, Trainer};

use super::super::progress;
use super::super::settings::{assign, check, chosen_run, sentences};
use super::super::signals;
use super::super::tensor_file::TensorFile;
use super::args::{LONGEST_CUT, LandscapeWhat};

impl LandscapeWhat {
    /// What is asked of one landscape.
    pub fn ask(&self) -> Result<LandscapeAsk, String> {
        self.check_points()?;
        let range = match self.range[..] {
            [] => 1.0,
            [range] => range,
            _ => return Err("--range takes several numbers with --table only.".into()),
        };
        Ok(LandscapeAsk {
            plane: self.plane,
            centre: self.centre,
            directions: self.directions,
            points: self.points,
            range: vec![range],
            cut: self.cut,
            over: self.over,
            fields: !self.no_fields,
            log: self.log,
        })
    }

    /// Whether so many points along a side can be measured.
    pub fn check_points(&self) -> Result<(), String> {
        let most = if self.cut { LONGEST_CUT } else { Grid::MOST };
        if self.points > most {
            return Err(format!(
                "--points {} is too many: at most {most} along each side can be measured.",
                self.points
            ));
        }
        Ok(())
    }

    /// The run, the plane and the path, ready to be measured, on the rayon pool at hand; `None` when it was stopped.
    pub fn scene(&self) -> Result<Option<LandscapeScene>, String> {
        let ask = self.ask()?;
        let Some(mut subject) = self.subject()? else { return Ok(None) };
        let bar = progress::bar(subject.update);
        let recalled = subject.recall(ask.plane, ask.centre, || {
            bar.inc(1);
            signals::asked().is_none()
        });
        bar.finish_and_clear();
        if !recalled? {
            return Ok(None);
        }
        LandscapeScene::prepare(&subject, ask, || signals::asked().is_some())
    }

    /// `None` when it was stopped.
    fn subject(&self) -> Result<Option<LandscapeSubject>, String> {
        if let Some(file) = &self.file {
            return self.subject_of(&TensorFile::read(file)?).map(Some);
        }
        let updates = match self.updates[..] {
            [] => 0,
            [updates] => updates,
            _ => return Err("--updates takes several numbers with --table only.".into()),
        };
        let settings = chosen_run(&self.chosen, self.data.as_deref())?;
        let bar = progress::bar(updates);
        let subject = LandscapeSubject::trained(settings, updates, || {
            bar.inc(1);
            signals::asked().is_none()
        });
        bar.finish_and_clear();
        Ok(Some(subject?).filter(|subject| subject.update == updates))
    }

    fn subject_of(&self, file: &TensorFile) -> Result<LandscapeSubject, String> {
        let watch = Progress::default();
        let change = |settings: &mut Settings| {
            assign(settings, &self.chosen.source.set)?;
            if let Some(data) = &self.data {
                settings.set_text("task.data", data).map_err(|p| format!("--data: {p}"))?;
            }
            check(settings)
        };
        if file.is_checkpoint() {
            let mut checkpoint = file.checkpoint()?;
            change(&mut checkpoint.settings)?;
            let (update, mut log) = (checkpoint.update, checkpoint.log.clone());
            log.start.task.data = checkpoint.settings.task.data.clone();
            let task = Arc::new(task::open(&checkpoint.settings.task, checkpoint.settings.run.seed, &watch)?);
            let trainer = checkpoint.resume(task, Isa::best())?;
            return Ok(LandscapeSubject { past: Some(log), ..LandscapeSubject::now(trainer, update) });
        }
        let made = file.made_by()?.ok_or_else(|| {
            format!(
                "{} does not say with which settings it was made: a landscape needs a file of Spikescape.",
                file.name
            )
        })?;
        let name = format!("{}, its settings", file.name);
        let mut settings =
            Settings::from_toml_within(&name, &made.settings, memory()).map_err(|problems| sentences(&problems))?;
        change(&mut settings)?;
        let mut trainer = Trainer::open(settings, Isa::best(), &watch)?;
        let params = file.weights(trainer.net())?;
        trainer.begin_with(params);
        Ok(LandscapeSubject::now(trainer, made.update))
    }
}
