//! The controls of the run: run, step, restart, speed, and the switch of the rules.

use egui::{Align, Button, Color32, Rect, Response, RichText, Stroke, Ui, pos2, vec2};

use super::health;
use super::number::fixed;
use crate::engine::Speed;
use crate::gui::action::{Action, RunAction, SettingsAction};
use crate::gui::state::ViewContext;
use crate::gui::widgets::ring;
use crate::lesson::Control;
use crate::rule::Rule;

/// Whether there is any of these controls: a lesson may need none.
pub fn any(cx: ViewContext) -> bool {
    use Control::{NewSeed, Restart, Rules, Run, Speed, Step};
    [Run, Step, Restart, NewSeed, Speed, Rules].into_iter().any(|control| cx.lesson.shows(control))
}

/// Draws the row.
pub fn show(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    // in a narrow window the rules stand in a second row
    ui.horizontal_wrapped(|ui| {
        run_buttons(ui, cx, actions);
        restart_buttons(ui, cx, actions);
        if cx.lesson.shows(Control::Speed) {
            speed(ui, cx, actions);
        }
        if cx.lesson.shows(Control::Rules) {
            ui.separator();
            for (n, rule) in Rule::ALL.into_iter().enumerate() {
                rule_button(ui, cx, rule, n + 1, actions);
            }
        }
        health::show(ui, cx, actions);
    });
}

fn run_buttons(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let (name, symbol, action) = if cx.run.playing {
        ("Pause", TransportSymbol::Pause, RunAction::Pause.into())
    } else {
        ("Run", TransportSymbol::Play, RunAction::Play.into())
    };
    if cx.lesson.shows(Control::Run) {
        let button = symbol_button(ui, symbol, name, "Runs or pauses the training (space)");
        ring::around(ui, cx, Control::Run, button.rect);
        if button.clicked() {
            actions.push(action);
        }
    }
    if cx.lesson.shows(Control::Step) {
        let button = symbol_button(ui, TransportSymbol::Step, "Step", "Makes one update (right arrow)");
        ring::around(ui, cx, Control::Step, button.rect);
        if button.clicked() {
            actions.push(RunAction::Step.into());
        }
    }
}

fn restart_buttons(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let restart = "Starts again from update 0 with the same seed and the settings in the form (R)";
    if cx.lesson.shows(Control::Restart) {
        let button = symbol_button(ui, TransportSymbol::Restart, "Restart", restart);
        ring::around(ui, cx, Control::Restart, button.rect);
        if button.clicked() {
            actions.push(SettingsAction::Restart.into());
        }
    }
    if cx.lesson.shows(Control::NewSeed) {
        let seed = cx.form.settings().run.next_seed();
        let seed = format!("Starts again with seed {seed}: another task and other first weights (N)");
        let button = ui.button("New seed").on_hover_text(seed);
        ring::around(ui, cx, Control::NewSeed, button.rect);
        if button.clicked() {
            actions.push(SettingsAction::NewSeed.into());
        }
    }
}

/// Speeds of the slider: its right end is as fast as it goes.
const FASTEST: f64 = 1000.0;

fn speed(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    // position 0 to 1 along 1 to 1000 a second, and beyond for unlimited
    let now = match cx.run.speed {
        Speed::PerSecond(n) => n.max(1.0).log10() / FASTEST.log10(),
        Speed::Unlimited => 1.1,
    };
    let mut position = now;
    ui.spacing_mut().slider_width = 90.0;
    let slider = egui::Slider::new(&mut position, 0.0..=1.1).show_value(false);
    let response = ui.add(slider).on_hover_text("Speed: from one update per second to as fast as possible");
    response.widget_info(|| egui::WidgetInfo::slider(true, position, "Speed"));
    ring::around(ui, cx, Control::Speed, response.rect);
    let text = match cx.run.speed {
        Speed::PerSecond(n) => format!("{n:.0}/s"),
        Speed::Unlimited => "unlimited".to_owned(),
    };
    fixed(ui, 56.0, Align::Min, |ui| ui.label(text).on_hover_text("Requested updates per second"));
    if position != now {
        let speed =
            if position > 1.05 { Speed::Unlimited } else { Speed::PerSecond(FASTEST.powf(position.min(1.0)).round()) };
        actions.push(RunAction::Speed(speed).into());
    }
}

fn rule_button(ui: &mut Ui, cx: ViewContext, rule: Rule, key: usize, actions: &mut Vec<Action>) {
    let colour = cx.theme.rule(rule);
    let chosen = cx.run.settings.rule.rule == rule;
    let (fill, text) = if chosen { (colour, cx.theme.text_on(colour)) } else { (Color32::TRANSPARENT, colour) };
    let button = Button::new(RichText::new(rule.label()).color(text)).fill(fill).stroke(Stroke::new(1.5, colour));
    let hint = format!("{} (Key {key})", rule.help());
    let response = ui.add(button.min_size(vec2(84.0, 22.0))).on_hover_text(hint);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, chosen, rule.label()));
    ring::around(ui, cx, Control::Rule(rule), response.rect);
    if response.clicked() {
        actions.push(SettingsAction::Rule(rule).into());
    }
}

#[derive(Clone, Copy)]
enum TransportSymbol {
    Play,
    Pause,
    Step,
    Restart,
}

/// A button with a painted symbol before its name: the fonts lack half of the glyphs.
fn symbol_button(ui: &mut Ui, symbol: TransportSymbol, name: &str, hint: &str) -> Response {
    let response =
        ui.add(Button::new(format!("     {name}")).min_size(vec2(if name.len() < 6 { 66.0 } else { 0.0 }, 22.0)));
    let colour = ui.style().interact(&response).fg_stroke.color;
    let c = pos2(response.rect.left() + 13.0, response.rect.center().y);
    let painter = ui.painter();
    let filled = |points: Vec<egui::Pos2>| painter.add(egui::Shape::convex_polygon(points, colour, Stroke::NONE));
    match symbol {
        TransportSymbol::Play => {
            filled(vec![c + vec2(-4.0, -5.0), c + vec2(5.0, 0.0), c + vec2(-4.0, 5.0)]);
        }
        TransportSymbol::Pause => {
            for x in [-3.0, 3.0] {
                painter.rect_filled(Rect::from_center_size(c + vec2(x, 0.0), vec2(3.0, 10.0)), 0.0, colour);
            }
        }
        TransportSymbol::Step => {
            filled(vec![c + vec2(-4.0, -5.0), c + vec2(3.0, 0.0), c + vec2(-4.0, 5.0)]);
            painter.rect_filled(Rect::from_center_size(c + vec2(4.5, 0.0), vec2(2.0, 10.0)), 0.0, colour);
        }
        TransportSymbol::Restart => {
            filled(vec![c + vec2(5.0, -5.0), c + vec2(-2.0, 0.0), c + vec2(5.0, 5.0)]);
            painter.rect_filled(Rect::from_center_size(c + vec2(-4.0, 0.0), vec2(2.0, 10.0)), 0.0, colour);
        }
    }
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    response.on_hover_text(hint)
}
