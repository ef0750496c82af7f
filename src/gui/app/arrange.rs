//! Which panels stand where.

use super::App;
use crate::gui::layout::{self, Panel, Workspace};
use crate::task::TaskKind;

impl App {
    /// Brings the panels to the front in which there is something to see of the task, where they are open.
    pub(super) fn bring_to_front(&mut self) {
        let kind = self.view.settings.task.kind;
        let panels = match kind {
            TaskKind::YinYang => [Panel::DecisionMap, Panel::Accuracy],
            _ if kind.classes() && self.view.settings.task.target.is_empty() => [Panel::Samples, Panel::Accuracy],
            _ => [Panel::Landscape, Panel::Changes],
        };
        // whoever starts an example of an illness looks at what is found of it
        let health = layout::in_view(&self.layout, &[Panel::Health]).then_some(Panel::Health);
        let shown = layout::shown(&self.layout);
        for panel in panels.into_iter().chain(health).filter(|p| shown.contains(p)) {
            layout::open(&mut self.layout, self.workspace, panel);
        }
    }

    /// The same where a panel in front has nothing to say about the task: a layout comes back, its task may not.
    pub(super) fn front_fits_task(&mut self) {
        let kind = self.view.settings.task.kind;
        let empty = match kind {
            TaskKind::YinYang => &[][..],
            _ if kind.classes() => &[Panel::DecisionMap],
            _ => &[Panel::DecisionMap, Panel::Accuracy],
        };
        if layout::in_view(&self.layout, empty) {
            self.bring_to_front();
        }
    }

    /// Puts the panels as another workspace has them, or had them when it was left.
    pub(super) fn arrange(&mut self, workspace: Workspace) {
        self.put_lesson_panels_away();
        if workspace == self.workspace {
            return;
        }
        let left = self.aside.iter().position(|(w, _)| *w == workspace);
        let next = left.map_or_else(|| layout::standard(workspace), |at| self.aside.swap_remove(at).1);
        self.aside.push((self.workspace, std::mem::replace(&mut self.layout, next)));
        self.workspace = workspace;
        self.front_fits_task();
    }
}
