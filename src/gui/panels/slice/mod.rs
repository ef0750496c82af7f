//! The loss along a line through the plane, and along the run's path.
//!
//! `model` makes the curves.

mod model;

use egui::{Button, RichText, Role, Ui, WidgetInfo};
use egui_plot::{Line, LineStyle, VLine};

use self::model::SliceProfile;
use crate::gui::action::{Action, LandscapeAction, choose};
use crate::gui::state::ViewContext;
use crate::gui::state::landscape::MeasuredLandscape;
use crate::gui::state::landscape_choices::SliceKind;
use crate::gui::theme::{Marks, small};
use crate::gui::widgets::note;
use crate::gui::widgets::plot::{self, AxisScale};
use crate::gui::widgets::pointing::Pointing;
use crate::gui::widgets::relief::values::shared_scale;
use crate::rule::Rule;
use crate::text::{share, signed, value, whole};

/// The state of the panel's own view.
#[derive(Default)]
pub struct SlicePanel {
    pointing: Pointing,
}

const CAPTION: &str = "The loss along a straight line, drawn as the steps that it consists of";
/// Lines of the rules are told apart by their dashes, too.
const STYLES: [LineStyle; 3] =
    [LineStyle::Dashed { length: 12.0 }, LineStyle::Dashed { length: 5.0 }, LineStyle::Dotted { spacing: 4.0 }];
const STYLE_NAMES: [&str; 3] = ["long dashes", "short dashes", "dots"];

impl SlicePanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        note::caption(ui, cx, CAPTION);
        let Some(m) = cx.landscape.shown() else {
            return note::empty(ui, cx, "Nothing measured yet: the landscape is measured first");
        };
        let mut choices = cx.choices.clone();
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let [first, second] = choices.landscape.plane.axes();
            for (cut, name, hint) in [
                (
                    SliceKind::First,
                    format!("Along {first}"),
                    "Through the cell that is pinned or pointed at, otherwise the centre",
                ),
                (
                    SliceKind::Second,
                    format!("Along {second}"),
                    "Through the cell that is pinned or pointed at, otherwise the centre",
                ),
                (
                    SliceKind::Path,
                    "Along the path".to_owned(),
                    "The path of the run: its true loss, and that at its projection onto the plane",
                ),
            ] {
                let on = choices.landscape.slice == cut;
                let button = ui.add(Button::selectable(on, &name)).on_hover_text(hint);
                let accessible = match cut {
                    SliceKind::First => "Cut along the first direction",
                    SliceKind::Second => "Cut along the second direction",
                    SliceKind::Path => "Cut along the path",
                };
                button.widget_info(|| WidgetInfo::selected(Role::Button, true, on, accessible));
                if button.clicked() {
                    choices.landscape.slice = cut;
                }
            }
        });
        choose(cx.choices, choices, actions);
        match cx.choices.landscape.slice {
            SliceKind::Path => path(ui, cx, m),
            cut => self.line(ui, cx, m, cut == SliceKind::First, actions),
        }
    }

    fn line(&mut self, ui: &mut Ui, cx: ViewContext, m: &MeasuredLandscape, first: bool, actions: &mut Vec<Action>) {
        let (theme, grid) = (cx.theme, m.grid());
        let middle = (grid.points / 2, grid.points / 2);
        let cell = cx.landscape.pinned_in_view();
        let cell = cell.or(cx.landscape.cell()).unwrap_or(middle);
        let profile = SliceProfile::new(m, first, cell);
        let surfaces: Vec<&[f64]> = profile.surfaces.iter().flatten().map(|s| &s[..]).collect();
        let Some(bounds) = shared_scale(&profile.losses, &surfaces) else {
            return note::empty(ui, cx, "No point of this line has been measured yet");
        };
        legend(ui, cx, &profile, m, first);
        let margin = 0.06 * (bounds.greatest - bounds.least).max(1e-9);
        let (low, high) = (bounds.least - margin, bounds.greatest + margin);
        let reach = f64::from(grid.range) + 0.5 * f64::from(grid.spacing());
        let plot = plot::base("cut", theme, AxisScale::REAL, AxisScale::REAL).allow_drag(false).allow_zoom(false);
        let plot = plot.label_formatter(|_| None);
        let mut pointed = None;
        let shown = plot.show(ui, |plot| {
            plot.set_plot_bounds_x(-reach..=reach);
            plot.set_plot_bounds_y(low..=high);
            let at = m.at(cell)[usize::from(!first)];
            plot.vline(VLine::new("the cell", f64::from(at)).color(theme.focus).width(1.0).allow_hover(false));
            for (n, surface) in profile.surfaces.iter().enumerate() {
                let Some(surface) = surface else { continue };
                let points: Vec<[f64; 2]> = profile.places.iter().zip(surface).map(|(x, v)| [*x, *v]).collect();
                let colour = theme.rule(Rule::ALL[n]);
                let line = Line::new(Rule::ALL[n].label(), points).color(colour).style(STYLES[n]).width(1.4);
                plot.line(line.allow_hover(false));
            }
            pointed = plot.response().hover_pos().map(|pos| plot.plot_from_screen(pos).x);
        });
        // strokes of their own: corners stay corners
        let mut mesh = egui::Mesh::default();
        let place = |[x, y]: [f64; 2]| shown.transform.position_from_point(&egui_plot::PlotPoint::new(x, y));
        for piece in profile.steps(f64::from(grid.spacing())) {
            for pair in piece.windows(2) {
                let (from, to) = (place(pair[0]), place(pair[1]));
                let more = (to - from).normalized();
                mesh.stroke(from - more, to + more, 2.0, theme.ink);
            }
        }
        ui.painter().with_clip_rect(*shown.transform.frame()).add(mesh);
        let response = shown.response;
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Plot of the cut"));
        let pointed = pointed.and_then(|x| profile.nearest(x));
        let there = pointed.map(|k| if first { (k, cell.1) } else { (cell.0, k) });
        // the line must stay while the pointer moves along it
        self.pointing.point(cx, there.filter(|_| cx.landscape.pinned.is_some()), actions);
        if response.clicked() && there.is_some() {
            actions.push(LandscapeAction::Pin(there).into());
        }
        if let Some(k) = pointed {
            response.on_hover_text_at_pointer(profile.point_text(k));
        }
    }
}

/// Which line is which.
fn legend(ui: &mut Ui, cx: ViewContext, profile: &SliceProfile, m: &MeasuredLandscape, first: bool) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let across = if first { "b" } else { "a" };
        let text = format!("{across} = {}: loss (thick)", signed(value(profile.across)));
        ui.label(RichText::new(text).font(small()).color(cx.theme.ink));
        for (n, surface) in profile.surfaces.iter().enumerate() {
            if surface.is_some() {
                let text = format!("{} ({})", Rule::ALL[n].label(), STYLE_NAMES[n]);
                let label = ui.label(RichText::new(text).font(small()).color(cx.theme.rule(Rule::ALL[n])));
                label.on_hover_text("The surface that this rule believes in, along the same line");
            }
        }
        if m.views.is_none() {
            let text = "surfaces are known once every point has been measured";
            ui.label(RichText::new(text).font(small()).color(cx.theme.faint));
        }
    });
}

/// The run's path: the true loss at its moments, and the landscape's at their feet.
fn path(ui: &mut Ui, cx: ViewContext, m: &MeasuredLandscape) {
    let theme = cx.theme;
    let Some((path, losses)) = m.paths.first().zip(m.losses.first().and_then(|l| l.as_ref())) else {
        return note::empty(ui, cx, "The losses along the path are measured after the landscape");
    };
    if losses.len() < 2 {
        return note::empty(ui, cx, "The run has not moved from its start: press Run, then Refresh");
    }
    let share = path.share.map_or(String::new(), |s| format!("; {} of its variance in the plane", share(s)));
    let text = format!("true loss (solid), loss at its projection onto the plane (dashed){share}");
    note::faint(ui, cx, text).on_hover_text(
        "The two differ by the effect of the weights outside the plane: where the dashed line departs from the solid \
         one, the landscape does not show what the run went through",
    );
    let line = |of: fn(&crate::landscape::PathLoss) -> f64| {
        losses.iter().map(|l| [l.update as f64, of(l)]).collect::<Vec<_>>()
    };
    let own = Line::new("true loss", line(|l| l.own)).color(theme.ink).width(1.8).allow_hover(false);
    let foot = Line::new("at the projection", line(|l| l.foot)).color(theme.focus).width(1.5).allow_hover(false);
    let plot = plot::base("path", theme, AxisScale::Updates, AxisScale::REAL).label_formatter(|_| None);
    let mut pointed = None;
    let shown = plot.show(ui, |plot| {
        plot::wheel(plot);
        plot.line(foot.style(LineStyle::Dashed { length: 7.0 }));
        plot.line(own);
        pointed = plot.response().hover_pos().map(|pos| plot.plot_from_screen(pos).x);
    });
    shown.response.widget_info(|| WidgetInfo::labeled(Role::Image, true, "Plot of the path"));
    let near = |x: f64| {
        let away = |k: &usize| (losses[*k].update as f64 - x).abs();
        (0..losses.len()).min_by(|one, other| away(one).total_cmp(&away(other)))
    };
    if let Some(k) = pointed.and_then(near) {
        let l = &losses[k];
        let distance = path.points.iter().find(|p| p.update == l.update).map_or(0.0, |p| p.foot.distance);
        let text = format!(
            "after update {}: loss {}, at its projection {}, {} from the plane",
            whole(l.update),
            value(l.own),
            value(l.foot),
            value(distance)
        );
        shown.response.on_hover_text_at_pointer(text);
    }
}
