//! Lessons: how they begin, go on and end.

use std::sync::Arc;

use super::App;
use crate::engine::{Command, Speed};
use crate::gui::action::LessonAction;
use crate::gui::glossary::GlossarySheet;
use crate::gui::layout::{self, Panel};
use crate::gui::lesson_panel::LessonPanel;
use crate::gui::state::LandscapeChoices;
use crate::gui::state::lesson::{BeforeLesson, LessonSetup, ObservedFrom, OpenLesson, RunBeforeLesson};
use crate::lesson::observed::Observed;
use crate::lesson::{Lesson, LessonWalk, builtin, pages};

/// How the lesson and the glossary are looked at.
#[derive(Default)]
pub struct LessonViews {
    pub panel: LessonPanel,
    pub glossary: GlossarySheet,
}

impl App {
    /// Opens a lesson where its reader left it.
    pub fn begin_lesson(&mut self, lesson: Lesson) {
        // the work that was there before the first of several lessons comes back after the last
        let outer = self.put_lesson_away().map(|open| open.before);
        // a lesson that was finished begins anew: its numbers were those of a run that is gone
        let progress = self.lesson.progress.get(&lesson.id).filter(|progress| !progress.is_over()).cloned();
        let walk = LessonWalk::resume(progress, lesson.steps.len());
        let panels = lesson_panels(&lesson);
        let before = BeforeLesson {
            layout: std::mem::replace(&mut self.layout, layout::of_panels(&panels)),
            workspace: self.workspace,
            choices: self.choices.clone(),
            run: outer.map_or_else(|| RunBeforeLesson::of(&self.view), |outer| outer.run),
        };
        let mut choices = self.choices.clone();
        (choices.neuron, choices.pencil) = (None, false);
        if let Some(range) = lesson.experiment.range {
            choices.landscape = LandscapeChoices { range: range as f32, ..LandscapeChoices::default() };
        }
        self.choose(choices);
        self.landscape.pin(None, None);
        self.panels.bench = Default::default();
        self.set_speed(Speed::PerSecond(lesson.experiment.speed));
        self.lesson.open = Some(OpenLesson {
            lesson: Arc::new(lesson),
            walk,
            all_controls: false,
            setting_up: None,
            before,
            now: Observed::default(),
            own_panels: true,
        });
        self.lesson.invites = false;
        self.notice = None;
        self.begin_lesson_run();
    }

    /// Begins the run of the step in view.
    fn begin_lesson_run(&mut self) {
        let Some(open) = &mut self.lesson.open else { return };
        let (settings, updates) = open.lesson.begins_at(open.walk.at());
        let settings = settings.clone();
        open.setting_up = Some(LessonSetup { before: self.view.start, updates, sent: false });
        self.live();
        self.run.send(Command::Pause);
        self.restart(settings);
        self.set_bench_for_question();
    }

    /// A question that the bench answers is about the bench as the lesson has it, not as the reader left it.
    fn set_bench_for_question(&mut self) {
        if self.lesson.asks_about_bench() {
            self.panels.bench = Default::default();
        }
    }

    pub(super) fn apply_to_lessons(&mut self, action: LessonAction, now: f64) {
        match action {
            LessonAction::BeginNumbered(number) => match builtin::numbered(number) {
                Ok(lesson) => self.begin_lesson(lesson),
                Err(problem) => self.notify(&problem, now),
            },
            LessonAction::Begin(lesson) => self.begin_lesson(*lesson),
            LessonAction::OpenFile => self.files.open_lesson(),
            LessonAction::Leave => self.leave_lesson(),
            LessonAction::Go(at) => self.go_to_step(at, now),
            LessonAction::Next => self.next_step(now),
            LessonAction::Answer(given) => {
                let Some(open) = &mut self.lesson.open else { return };
                let Some(step) = open.lesson.steps.get(open.walk.at()).cloned() else { return };
                let seen = open.now.clone();
                open.walk.answer(&step, given, &seen);
                // that an answer was asked for is no news any more
                self.notice = None;
                if step.run() > 0 {
                    self.live();
                    self.run.send(Command::Advance(step.run()));
                }
                self.keep_progress();
            }
            LessonAction::AllControls(all) => {
                if let Some(open) = &mut self.lesson.open {
                    open.all_controls = all;
                }
            }
            LessonAction::OwnPanels => self.show_lesson_panels(),
            LessonAction::Repeat => {
                let Some(open) = &mut self.lesson.open else { return };
                open.walk = LessonWalk::new(open.lesson.steps.len());
                open.walk.since = now;
                self.panels.bench = Default::default();
                self.keep_progress();
                self.begin_lesson_run();
            }
            LessonAction::NotNow => self.lesson.invites = false,
            LessonAction::SaveWorksheet => {
                if let Some(open) = &self.lesson.open {
                    self.files.save_worksheet(pages::worksheet(&open.lesson, &open.walk.progress));
                }
            }
        }
    }

    /// Puts the window back as it was before the lesson, with the run that was in view where it is still kept.
    pub(super) fn leave_lesson(&mut self) {
        let Some(open) = self.put_lesson_away() else { return };
        let RunBeforeLesson { start, settings, speed } = open.before.run;
        self.set_speed(speed);
        let here = self.view.start == start;
        // the run of the lesson may still be on its way, or its data may
        if here && (open.setting_up.is_none() || self.opening.take().is_some()) {
            return;
        }
        self.run.send(Command::Pause);
        let moved = here && self.view.live.as_ref().is_some_and(|frame| frame.update > 0);
        if moved || self.runs.holds(start) {
            self.run.send(Command::Switch(start));
        } else {
            // it had made no update, and is begun again as it was
            self.restart(settings.as_ref().clone());
        }
    }

    /// Closes the lesson with its panels; its run stays in view.
    fn put_lesson_away(&mut self) -> Option<OpenLesson> {
        self.keep_progress();
        let mut open = self.lesson.open.take()?;
        self.notice = None;
        self.files.close_worksheet();
        if open.own_panels {
            self.workspace = open.before.workspace;
            std::mem::swap(&mut self.layout, &mut open.before.layout);
        }
        self.choose(open.before.choices.clone());
        Some(open)
    }

    fn go_to_step(&mut self, at: usize, now: f64) {
        let seen = self.observe_lesson();
        let Some(open) = &mut self.lesson.open else { return };
        let (was, at) = (open.walk.at(), at.min(open.lesson.steps.len().saturating_sub(1)));
        if at == was {
            return;
        }
        let begins = at > was && open.lesson.steps[was + 1..=at].iter().any(|step| step.begins.is_some());
        let other = open.lesson.begins_at(at) != open.lesson.begins_at(was);
        open.walk.enter(at, &seen);
        open.walk.since = now;
        self.notice = None;
        if begins || other {
            self.begin_lesson_run();
        } else if self.view.playing && self.lesson.asks() {
            self.run.send(Command::Pause);
        }
        self.set_bench_for_question();
        self.keep_progress();
    }

    fn next_step(&mut self, now: f64) {
        let Some(open) = &mut self.lesson.open else { return };
        let at = open.walk.at();
        if let Some(step) = open.lesson.steps.get(at) {
            let step = step.clone();
            open.walk.pass(&step);
        }
        self.notice = None;
        self.go_to_step(at + 1, now);
        self.keep_progress();
    }

    fn show_lesson_panels(&mut self) {
        let Some(open) = &mut self.lesson.open else { return };
        if !std::mem::replace(&mut open.own_panels, true) {
            let own = layout::of_panels(&lesson_panels(&open.lesson));
            open.before.workspace = self.workspace;
            open.before.layout = std::mem::replace(&mut self.layout, own);
        }
    }

    /// Another workspace was asked for: the panels of the lesson make room for those that were there before.
    pub(super) fn put_lesson_panels_away(&mut self) {
        let Some(open) = self.lesson.open.as_mut().filter(|open| open.own_panels) else { return };
        open.own_panels = false;
        let empty = layout::of_panels(&[]);
        self.layout = std::mem::replace(&mut open.before.layout, empty);
    }

    /// Whether nothing may run until the question is answered; says so.
    pub(super) fn waits_for_answer(&mut self) -> bool {
        let asks = self.lesson.asks();
        if asks {
            let now = self.ctx.input(|i| i.time);
            self.notify("The lesson asks for your prediction first: answer it, or skip the step.", now);
        }
        asks
    }

    fn keep_progress(&mut self) {
        if let Some(open) = &self.lesson.open {
            self.lesson.progress.insert(open.lesson.id.clone(), open.walk.progress.clone());
        }
    }

    /// Everything that a lesson can speak of, now.
    fn observe_lesson(&mut self) -> Observed {
        let bench = self.panels.bench.seen();
        self.lesson.observed(ObservedFrom {
            run: &self.view,
            choices: &self.choices,
            workspace: self.workspace,
            pinned: self.landscape.pinned.is_some(),
            past: self.time.at.is_some(),
            bench,
        })
    }

    /// Sets up the run of a step, and ticks what is done.
    pub(super) fn follow_lesson(&mut self, now: f64) {
        if self.lesson.open.is_none() {
            return;
        }
        let seen = self.observe_lesson();
        let (start, arrived) = (self.view.start, self.view.live.as_ref().map(|frame| frame.update));
        let Some(open) = &mut self.lesson.open else { return };
        if let Some(setup) = open.setting_up.as_mut() {
            let Some(update) = arrived.filter(|_| start != setup.before) else { return };
            if update < setup.updates {
                if !std::mem::replace(&mut setup.sent, true) {
                    self.run.send(Command::Advance(setup.updates));
                }
                return;
            }
            open.setting_up = None;
            let at = open.walk.at();
            open.walk.enter(at, &seen);
            open.walk.since = now;
        }
        let Some(step) = open.lesson.steps.get(open.walk.at()).cloned() else { return };
        let changed = open.walk.observe(&step, &seen);
        open.now = seen;
        if changed {
            self.keep_progress();
            self.ctx.request_repaint();
        }
    }

    /// The layout that comes back at the next start: not that of a lesson.
    pub(super) fn lasting_layout(&self) -> &egui_tiles::Tree<Panel> {
        let lessons = self.lesson.open.as_ref().filter(|open| open.own_panels);
        lessons.map_or(&self.layout, |open| &open.before.layout)
    }

    /// The lesson that is open, for tests and pictures.
    pub fn open_lesson(&self) -> Option<&OpenLesson> {
        self.lesson.open.as_ref()
    }

    /// The first start invites to the first lesson.
    pub fn invite(&mut self) {
        self.lesson.invites = true;
    }
}

/// The panels of a lesson, in their columns.
fn lesson_panels(lesson: &Lesson) -> Vec<Vec<Panel>> {
    let panel = |key: &&str| Panel::ALL.into_iter().find(|panel| panel.key() == *key);
    lesson.experiment.panels.iter().map(|column| column.iter().filter_map(panel).collect()).collect()
}
