//! The window as a picture, without any display: the same program drawn offscreen.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use egui::{Event, Vec2};

use crate::engine::{Frame, Speed};
use crate::gui::action::{Action, CompareAction, RunAction};
use crate::gui::app::App;
pub use crate::gui::layout::workspace::Workspace;
use crate::gui::state::{ComparedRun, SavedState};
use crate::picture::{Bitmap, Offscreen};
use crate::train::Settings;

/// The content and size of a picture.
#[derive(Clone, Debug)]
pub struct WindowShot {
    pub settings: Settings,
    /// Updates made before the picture is taken.
    pub updates: u64,
    /// Width and height in points.
    pub size: Vec2,
    pub pixels_per_point: f32,
    pub saved: SavedState,
}

impl WindowShot {
    /// The same in another workspace.
    pub fn in_workspace(mut self, workspace: Workspace) -> Self {
        (self.saved.workspace, self.saved.layout) = (workspace, crate::gui::layout::standard(workspace));
        self
    }

    /// The window as it opens for the first time, at a size in points.
    pub fn plain(settings: Settings, updates: u64, size: [u32; 2], scale: f32, zoom: f32, dark: bool) -> Self {
        let theme = if dark { egui::ThemePreference::Dark } else { egui::ThemePreference::Light };
        let saved = SavedState { theme, zoom, ..SavedState::default() };
        Self { settings, updates, size: size.map(|n| n as f32).into(), pixels_per_point: scale, saved }
    }
}

/// The longest that engine and explorer may take until the picture is taken.
const PATIENCE: Duration = Duration::from_secs(600);

/// How often it is measured on the way where the rules agree.
const AGREEMENTS: u64 = 40;

/// Runs the program for `shot.updates` updates, waits until the landscape is whole, and draws it. In the workspace of
/// the landscape the cliff nearest to the centre is pinned, so that there is something to be seen at a point; in that of the
/// comparison the three rules make as many updates; in that of the inside the first spike of an output is picked.
pub fn take(shot: WindowShot) -> Result<Bitmap, String> {
    let mut window = OffscreenApp::new(shot)?;
    window.settle()?;
    if window.app.workspace() == Workspace::Landscape {
        window.app.pin_nearest_cliff();
        window.settle()?;
    }
    if window.app.workspace() == Workspace::Compare {
        window.compare_rules()?;
    }
    if window.app.workspace() == Workspace::Inside {
        window.app.pick_a_spike();
        window.settle()?;
    }
    Ok(window.picture())
}

/// A program without a window, for pictures and for tests that act on it.
pub struct OffscreenApp {
    screen: Offscreen,
    app: App,
    size: Vec2,
    pixels_per_point: f32,
    time: f64,
    updates: u64,
    /// When something wants to be drawn: what would wake a window up.
    due: Arc<Mutex<Option<Instant>>>,
}

/// The time that a frame of the window took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FrameTimes {
    /// News, answers and wishes.
    pub logic: Duration,
    /// All panels, with the images that they make; and that the stage takes over, where a window would hand them to the
    /// graphics card.
    pub layout: Duration,
    /// Shapes into triangles.
    pub tessellation: Duration,
}

impl FrameTimes {
    pub fn whole(&self) -> Duration {
        self.logic + self.layout + self.tessellation
    }
}

impl OffscreenApp {
    pub fn new(shot: WindowShot) -> Result<Self, String> {
        let WindowShot { settings, updates, size, pixels_per_point, saved } = shot;
        let screen = Offscreen::default();
        let app = App::new(screen.context(), settings, saved)?;
        let due: Arc<Mutex<Option<Instant>>> = Arc::default();
        let bell = Arc::clone(&due);
        screen.context().set_request_repaint_callback(move |wish| {
            let at = Instant::now().checked_add(wish.delay);
            let mut due = bell.lock().unwrap_or_else(PoisonError::into_inner);
            *due = [*due, at].into_iter().flatten().min();
        });
        let mut window = Self { screen, app, size, pixels_per_point, time: 0.0, updates, due };
        window.wait_for_data()?;
        window.act(RunAction::Advance(updates).into());
        Ok(window)
    }

    /// Frames until the task is open.
    fn wait_for_data(&mut self) -> Result<(), String> {
        let begun = Instant::now();
        while self.app.opening().is_some() || self.app.run_view().frame.is_none() {
            self.frame(Vec::new());
            std::thread::sleep(Duration::from_millis(2));
            if begun.elapsed() > PATIENCE {
                return Err(format!("The data could not be read within {PATIENCE:?}."));
            }
        }
        match self.app.refused() {
            Some(problem) => Err(problem.to_owned()),
            None => Ok(()),
        }
    }

    /// One frame of logic and drawing, with what the user did before it. Says what its parts took.
    pub fn frame(&mut self, events: Vec<Event>) -> FrameTimes {
        self.time += 1.0 / 60.0;
        let begun = Instant::now();
        self.app.logic(self.screen.context());
        let logic = begun.elapsed();
        let app = &mut self.app;
        self.screen.run(self.size, self.pixels_per_point, events, self.time, |ui| app.ui(ui));
        let layout = begun.elapsed() - logic;
        self.screen.tessellate();
        FrameTimes { logic, layout, tessellation: begun.elapsed() - logic - layout }
    }

    /// Frames until all updates are made, the landscape is whole, and nothing moves any more.
    pub fn settle(&mut self) -> Result<(), String> {
        let begun = Instant::now();
        let mut quiet = 0;
        while quiet < 12 {
            self.frame(Vec::new());
            let arrived = self.app.run_view().update() >= self.updates;
            let panels = !self.app.awaits_health() && !self.app.awaits_inside();
            let whole = panels && !self.app.awaits_landscape() && !self.app.awaits_map();
            let stuck = self.app.run_view().halted.is_some();
            quiet = if (arrived && whole) || stuck { quiet + 1 } else { 0 };
            if quiet == 0 {
                std::thread::sleep(Duration::from_millis(5));
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("The run did not reach update {} within {PATIENCE:?}.", self.updates));
            }
        }
        Ok(())
    }

    /// Lets the three rules make all updates in step, and measures on the way where they agree.
    fn compare_rules(&mut self) -> Result<(), String> {
        self.act(CompareAction::Rules.into());
        self.wait_until(|app| !app.compare().is_empty() || app.refused().is_some())?;
        self.act(CompareAction::Pause.into());
        for part in 1..=AGREEMENTS {
            let goal = self.updates * part / AGREEMENTS;
            self.act(CompareAction::RunTo(goal).into());
            let there =
                |run: &ComparedRun| run.problem.is_some() || run.view.halted.is_some() || run.view.update() >= goal;
            self.wait_until(|app| app.compare().runs.iter().all(there))?;
            self.wait_until(|app| app.compare().frames().is_none() || app.compare().knows_agreement())?;
        }
        Ok(())
    }

    /// Frames until the program is as `is` says.
    fn wait_until(&mut self, is: impl Fn(&App) -> bool) -> Result<(), String> {
        let begun = Instant::now();
        while !is(&self.app) {
            self.frame(Vec::new());
            std::thread::sleep(Duration::from_millis(2));
            if begun.elapsed() > PATIENCE {
                return Err(format!("The runs did not come to what is to be seen within {PATIENCE:?}."));
            }
        }
        Ok(())
    }

    /// A frame if something asked for one that is due by now, as a window draws that nobody touches.
    pub fn frame_if_due(&mut self) -> Option<FrameTimes> {
        let mut due = self.due.lock().unwrap_or_else(PoisonError::into_inner);
        due.take_if(|at| *at <= Instant::now())?;
        drop(due);
        Some(self.frame(Vec::new()))
    }

    /// Does what the user wants.
    pub fn act(&mut self, action: Action) {
        self.app.apply(self.screen.context(), action);
    }

    /// Lets the training run as fast as it goes.
    pub fn run_unlimited(&mut self) {
        self.act(RunAction::Speed(Speed::Unlimited).into());
        self.act(RunAction::Play.into());
    }

    /// Pauses, and draws until the last update is shown.
    pub fn pause(&mut self) {
        self.act(RunAction::Pause.into());
        while self.app.run_view().playing {
            self.frame(Vec::new());
            std::thread::sleep(Duration::from_millis(1));
        }
        self.frame(Vec::new());
    }

    /// Whether a landscape, a map or answers of the run as it is now are still to come.
    pub fn busy(&self) -> bool {
        let landscape = self.app.landscape();
        let now = landscape.shown().map(|m| m.update) == Some(self.update());
        landscape.latest().running() || self.app.awaits_map() || (self.app.choices().landscape.follow && !now)
    }

    /// Whether the worker has a frame that the next [`OffscreenApp::frame`] will show.
    pub fn has_news(&self) -> bool {
        self.app.has_news()
    }

    /// The frame of the run that the window shows.
    pub fn shown(&self) -> Option<&Arc<Frame>> {
        self.app.run_view().frame.as_ref()
    }

    /// Takes note of what a frame cost, in seconds of CPU, as [`App::record_frame`].
    pub fn record_frame(&mut self, seconds: f32) {
        self.app.record_frame(seconds);
    }

    /// Updates made, as far as the window shows them.
    pub fn update(&self) -> u64 {
        self.app.run_view().update()
    }

    pub fn picture(&mut self) -> Bitmap {
        self.screen.picture()
    }
}
