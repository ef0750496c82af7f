//! The bars at the top: menus, transport, the rule switch, the numbers; and the sentence about the rule.

use egui::{Align, Button, Color32, Layout, Rect, Response, RichText, Sense, Stroke, Ui, pos2, vec2};

use crate::engine::{Speed, need};
use crate::rule::Rule;
use crate::train::Readout;

use super::action::Action;
use super::app::Past;
use super::format;
use super::layout::{Panel, Workspace};
use super::meter::Meter;
use super::reading;
use super::state::{Choices, Look, Reading, TimeUnit};

/// Name of a rule on buttons and in legends.
pub fn rule_name(rule: Rule) -> &'static str {
    match rule {
        Rule::Activation => "Activation",
        Rule::Timing => "Timing",
        Rule::Antlr => "ANTLR",
    }
}

/// What the rule's gradient can and cannot see (model.md, end of section 5).
pub fn rule_sentence(rule: Rule) -> &'static str {
    match rule {
        Rule::Activation => {
            "Activation sees potentials near the threshold: that a spike could appear or vanish. \
             It misjudges where a spike should move"
        }
        Rule::Timing => {
            "Timing sees how existing spikes move. It cannot see that one could appear or vanish: \
             those it makes are side effects, or the penalty on silent neurons"
        }
        Rule::Antlr => "ANTLR sees both: spikes that could appear or vanish, and how existing ones move",
    }
}

/// What stands below the bars.
#[derive(Clone, Copy)]
pub struct Open<'a> {
    pub workspace: Workspace,
    pub panels: &'a [Panel],
}

/// Draws the bars.
pub fn show(ui: &mut Ui, look: Look, open: Open, notice: Option<&str>, meter: Meter, actions: &mut Vec<Action>) {
    let margin = egui::Margin::symmetric(8, 3);
    let frame = egui::Frame::new().fill(look.theme.panel).inner_margin(margin);
    egui::Panel::top("menu").frame(frame).show(ui, |ui| menu(ui, look, open, actions));
    egui::Panel::top("transport").frame(frame).show(ui, |ui| transport(ui, look, actions));
    egui::Panel::top("sentence").frame(frame).show(ui, |ui| last_row(ui, look, notice, meter, actions));
}

fn menu(ui: &mut Ui, look: Look, open: Open, actions: &mut Vec<Action>) {
    egui::MenuBar::new().ui(ui, |ui| {
        ui.menu_button("File", |ui| {
            let mut item = |ui: &mut Ui, text, hint, action: Action| {
                let button = Button::new(text);
                let button = if action == Action::Quit { button.shortcut_text("Ctrl+Q") } else { button };
                if ui.add(button).on_hover_text(hint).clicked() {
                    actions.push(action);
                    ui.close();
                }
            };
            item(ui, "Choose task…", "What is learnt, and from which files (T)", Action::ChooseTask(None));
            item(ui, "Open settings…", "Reads all settings from a TOML file", Action::OpenSettings);
            item(ui, "Save settings…", "Writes all settings to a TOML file", Action::SaveSettings);
            ui.separator();
            let hint = "Goes on from a checkpoint, or begins a run of these settings with the weights of a file";
            item(ui, "Open checkpoint…", hint, Action::OpenCheckpoint);
            let hint = "Writes everything that going on needs: weights, optimiser, settings, log";
            item(ui, "Save checkpoint…", hint, Action::SaveCheckpoint);
            let hint = "Writes weights and biases alone, as PyTorch's nn.Sequential loads them";
            item(ui, "Save weights…", hint, Action::SaveWeights);
            ui.separator();
            item(ui, "Save log…", "Writes what was done to this run, so that it can be replayed", Action::SaveLog);
            item(ui, "Save picture…", "Writes the window as a PNG file", Action::SavePicture);
            ui.separator();
            let hint = "Ends the program (Ctrl+Q); layout and theme come back at the next start";
            item(ui, "Quit", hint, Action::Quit);
        });
        ui.menu_button("Edit", |ui| {
            let name = match look.undo {
                Some(Past::Drawn { .. }) => "Undo drawing",
                _ => "Undo change of settings",
            };
            let undo = Button::new(name).shortcut_text("Ctrl+Z");
            if ui.add_enabled(look.undo.is_some(), undo).clicked() {
                actions.push(Action::Undo);
                ui.close();
            }
        });
        ui.menu_button("View", |ui| view_menu(ui, look, open.panels, actions));
        ui.menu_button("Help", |ui| {
            if ui.add(Button::new("Keys and marks").shortcut_text("?")).clicked() {
                actions.push(Action::Help);
                ui.close();
            }
        });
        ui.add_space(10.0);
        for workspace in Workspace::ALL {
            let button = Button::selectable(open.workspace == workspace, workspace.title());
            if ui.add(button).on_hover_text(workspace.hint()).clicked() {
                actions.push(Action::Workspace(workspace));
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.horizontal(egui::global_theme_preference_buttons);
            ui.add_space(12.0);
            numbers(ui, look);
        });
    });
}

fn view_menu(ui: &mut Ui, look: Look, open: &[Panel], actions: &mut Vec<Action>) {
    for panel in Panel::ALL {
        let mut there = open.contains(&panel);
        let hint = if there { "Brings this panel to the front" } else { "Opens this panel at its place" };
        if ui.checkbox(&mut there, panel.title()).on_hover_text(hint).clicked() {
            actions.push(Action::OpenPanel(panel));
            ui.close();
        }
    }
    if ui.button("Reset layout").on_hover_text("Puts every panel of this workspace back to its first place").clicked() {
        actions.push(Action::ResetLayout);
        ui.close();
    }
    ui.separator();
    let mut choices = look.choices.clone();
    ui.checkbox(&mut choices.captions, "Captions").on_hover_text("A line under each title that says what one sees");
    ui.horizontal(|ui| {
        ui.label("Time axes in");
        ui.selectable_value(&mut choices.time_unit, TimeUnit::Steps, "steps");
        ui.selectable_value(&mut choices.time_unit, TimeUnit::Ms, "ms");
    });
    choose(look.choices, choices, actions);
    ui.separator();
    ui.horizontal(|ui| {
        ui.label("Zoom");
        let now = ui.zoom_factor();
        for percent in [75, 100, 125, 150, 200] {
            let zoom = percent as f32 / 100.0;
            if ui.selectable_label((now - zoom).abs() < 0.01, format!("{percent} %")).clicked() {
                actions.push(Action::Zoom(zoom));
            }
        }
    });
}

/// Asks for changed choices, if they are changed.
pub fn choose(before: &Choices, after: Choices, actions: &mut Vec<Action>) {
    if *before != after {
        actions.push(Action::Choose(after));
    }
}

fn transport(ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        let run = look.run;
        let (name, symbol, action) =
            if run.playing { ("Pause", Symbol::Pause, Action::Pause) } else { ("Run", Symbol::Play, Action::Play) };
        if symbol_button(ui, symbol, name, "Runs or pauses the training (space)").clicked() {
            actions.push(action);
        }
        if symbol_button(ui, Symbol::Step, "Step", "Makes one update (right arrow)").clicked() {
            actions.push(Action::Step);
        }
        let restart = "Starts again from update 0 with the same seed and the settings of the form (R)";
        if symbol_button(ui, Symbol::Restart, "Restart", restart).clicked() {
            actions.push(Action::Restart);
        }
        let seed =
            format!("Starts again with seed {}: another task and other first weights (N)", look.form.run.next_seed());
        if ui.button("New seed").on_hover_text(seed).clicked() {
            actions.push(Action::NewSeed);
        }
        speed(ui, look, actions);
        ui.separator();
        for (n, rule) in Rule::ALL.into_iter().enumerate() {
            rule_button(ui, look, rule, n + 1, actions);
        }
    });
}

/// Speeds of the slider: its right end is as fast as it goes.
const FASTEST: f64 = 1000.0;

fn speed(ui: &mut Ui, look: Look, actions: &mut Vec<Action>) {
    // position 0 to 1 along 1 to 1000 a second, and beyond for unlimited
    let now = match look.run.speed {
        Speed::PerSecond(n) => n.max(1.0).log10() / FASTEST.log10(),
        Speed::Unlimited => 1.1,
    };
    let mut position = now;
    ui.spacing_mut().slider_width = 90.0;
    let slider = egui::Slider::new(&mut position, 0.0..=1.1).show_value(false);
    let response = ui.add(slider).on_hover_text("Speed: from one update a second to as fast as it goes");
    response.widget_info(|| egui::WidgetInfo::slider(true, position, "Speed"));
    let text = match look.run.speed {
        Speed::PerSecond(n) => format!("{n:.0}/s"),
        Speed::Unlimited => "unlimited".to_owned(),
    };
    fixed(ui, 56.0, Align::Min, |ui| ui.label(text).on_hover_text("Updates a second that are wanted"));
    if position != now {
        let speed =
            if position > 1.05 { Speed::Unlimited } else { Speed::PerSecond(FASTEST.powf(position.min(1.0)).round()) };
        actions.push(Action::Speed(speed));
    }
}

fn rule_button(ui: &mut Ui, look: Look, rule: Rule, key: usize, actions: &mut Vec<Action>) {
    let colour = look.theme.rule(rule);
    let chosen = look.run.settings.rule.rule == rule;
    let (fill, text) = if chosen { (colour, look.theme.text_on(colour)) } else { (Color32::TRANSPARENT, colour) };
    let button = Button::new(RichText::new(rule_name(rule)).color(text)).fill(fill).stroke(Stroke::new(1.5, colour));
    let hint = format!("{} (key {key}). {}", rule_name(rule), rule_sentence(rule));
    let response = ui.add(button.min_size(vec2(84.0, 22.0))).on_hover_text(hint);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, chosen, rule_name(rule)));
    if response.clicked() {
        actions.push(Action::Rule(rule));
    }
}

fn numbers(ui: &mut Ui, look: Look) {
    let run = look.run;
    let loss = run.frame.as_ref().map_or("–".into(), |f| format::value(f.loss));
    let batches = run.frame.as_ref().map_or(1, |f| f.batches);
    if batches > 1 {
        number(ui, look, "batch loss", &loss, 58.0, "Loss of the last batch before its update");
    } else {
        number(ui, look, "loss", &loss, 58.0, "Loss of the batch at the weights shown");
    }
    let rate = if run.playing { format::whole(run.rate.round() as u64) } else { "–".into() };
    let hint = format!("Updates a second, measured. {} lie between the last two pictures", format::whole(run.between));
    number(ui, look, "updates/s", &rate, 54.0, &hint);
    number(ui, look, "update", &format::whole(run.update()), 70.0, "Updates made since the start of this run");
    if batches > 1 {
        epochs(ui, look, batches);
    }
}

/// Which epoch is under way, and what validation said at the end of the last.
fn epochs(ui: &mut Ui, look: Look, batches: u64) {
    let run = look.run;
    let (epoch, share) = under_way(run.update(), batches, run.epochs.last().map_or(0, |report| report.epoch));
    let hint = format!(
        "The epoch under way and how much of it is done; an epoch is {} updates, which take every training sample once",
        format::whole(batches)
    );
    number(ui, look, "epoch", &format!("{epoch} · {share} %"), 84.0, &hint);
    if let Some((done, of)) = run.validating {
        let of = format::whole(of as u64);
        let hint = "Validation samples answered so far; the training goes on after them";
        number(ui, look, "validating", &format!("{}/{of}", format::whole(done as u64)), VALIDATION - 60.0, hint);
    } else if run.frame.as_ref().is_some_and(|f| f.task.labelled) {
        let readout = Readout::of(&run.settings.loss);
        let last = run.epochs.last().and_then(|report| Some((report.epoch, report.valid?)));
        let percent = |share: f64| format!("{:.1} %", 100.0 * share);
        let (text, hint) = match last {
            None => ("–".to_owned(), "Validation runs at the end of every epoch".to_owned()),
            Some((epoch, v)) => (
                percent(v.accuracy(readout)),
                format!(
                    "Validation samples that are right after epoch {epoch}: {} by first spike, {} by count",
                    percent(v.accuracy_first),
                    percent(v.accuracy_count)
                ),
            ),
        };
        number(ui, look, "valid", &text, VALIDATION - 32.0, &hint);
    }
}

/// Width of what is said of validation, name and number.
const VALIDATION: f32 = 140.0;

/// The number of the epoch under way, from 1, and how many hundredths of it are done. One whose validation has not ended
/// (`ended` have) is still under way.
fn under_way(update: u64, batches: u64, ended: u64) -> (u64, u64) {
    let whole = update / batches;
    if update > 0 && update.is_multiple_of(batches) && ended < whole {
        (whole, 100)
    } else {
        (whole + 1, update % batches * 100 / batches)
    }
}

/// A value in a place of its own, so that it does not jump, and its name. From right to left.
pub fn number(ui: &mut Ui, look: Look, name: &str, value: &str, width: f32, hint: &str) {
    fixed(ui, width, Align::Max, |ui| ui.label(RichText::new(value).monospace())).on_hover_text(hint);
    ui.label(RichText::new(name).color(look.theme.faint)).on_hover_text(hint);
    ui.add_space(4.0);
}

fn fixed(ui: &mut Ui, width: f32, align: Align, add: impl FnOnce(&mut Ui) -> Response) -> Response {
    let layout =
        if align == Align::Max { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
    ui.allocate_ui_with_layout(vec2(width, 20.0), layout, |ui| {
        ui.set_min_width(width);
        add(ui)
    })
    .inner
}

/// Settings that are named as waiting for a restart; the others are in the tooltip.
const MOST_WAITING: usize = 5;

/// What there is to say, and at the right what the window costs.
fn last_row(ui: &mut Ui, look: Look, notice: Option<&str>, meter: Meter, actions: &mut Vec<Action>) {
    if let Reading::Refused(why) = look.reading {
        return reading::refused(ui, look, why, actions);
    }
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            meter.show(ui, look);
            ui.add_space(8.0);
            sentence(ui, look, notice, actions);
        });
    });
}

fn sentence(ui: &mut Ui, look: Look, notice: Option<&str>, actions: &mut Vec<Action>) {
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        if let Reading::Busy(fraction) = look.reading {
            return reading::busy(ui, fraction, actions);
        }
        if let Some(halt) = &look.run.halted {
            ui.label(RichText::new(halt.to_string()).color(look.theme.warning));
            return;
        }
        let waiting: Vec<&str> = look.edits.waiting().iter().map(|field| field.label).collect();
        if !waiting.is_empty() {
            // another task changes many settings, and the buttons must stay in sight
            let more = waiting.len().saturating_sub(MOST_WAITING);
            let names = waiting[..waiting.len() - more].join(", ");
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let text = format!("Waiting for a restart: {names}{more}");
            ui.label(RichText::new(text).color(look.theme.warning)).on_hover_text(waiting.join(", "));
            let need = format::bytes(need(look.form) as usize);
            let hint = format!(
                "Ends this run at its present update and starts a new one from update 0 with these settings (R). With its \
                 past it takes about {need} of memory"
            );
            if ui.button("Restart now").on_hover_text(hint).clicked() {
                actions.push(Action::Restart);
            }
            if ui.button("Discard").on_hover_text("Goes back to the settings that the run has").clicked() {
                actions.push(Action::Discard);
            }
            return;
        }
        if let Some(text) = notice {
            ui.add(egui::Label::new(text).truncate());
            return;
        }
        let rule = look.run.settings.rule.rule;
        let (dot, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
        ui.painter().circle_filled(dot.center(), 4.0, look.theme.rule(rule));
        let text = RichText::new(rule_sentence(rule)).color(look.theme.faint);
        ui.add(egui::Label::new(text).truncate());
    });
}

#[derive(Clone, Copy)]
enum Symbol {
    Play,
    Pause,
    Step,
    Restart,
}

/// A button with a painted symbol before its name: the fonts lack half of the glyphs.
fn symbol_button(ui: &mut Ui, symbol: Symbol, name: &str, hint: &str) -> Response {
    let response =
        ui.add(Button::new(format!("     {name}")).min_size(vec2(if name.len() < 6 { 66.0 } else { 0.0 }, 22.0)));
    let colour = ui.style().interact(&response).fg_stroke.color;
    let c = pos2(response.rect.left() + 13.0, response.rect.center().y);
    let painter = ui.painter();
    let filled = |points: Vec<egui::Pos2>| painter.add(egui::Shape::convex_polygon(points, colour, Stroke::NONE));
    match symbol {
        Symbol::Play => {
            filled(vec![c + vec2(-4.0, -5.0), c + vec2(5.0, 0.0), c + vec2(-4.0, 5.0)]);
        }
        Symbol::Pause => {
            for x in [-3.0, 3.0] {
                painter.rect_filled(Rect::from_center_size(c + vec2(x, 0.0), vec2(3.0, 10.0)), 0.0, colour);
            }
        }
        Symbol::Step => {
            filled(vec![c + vec2(-4.0, -5.0), c + vec2(3.0, 0.0), c + vec2(-4.0, 5.0)]);
            painter.rect_filled(Rect::from_center_size(c + vec2(4.5, 0.0), vec2(2.0, 10.0)), 0.0, colour);
        }
        Symbol::Restart => {
            filled(vec![c + vec2(5.0, -5.0), c + vec2(-2.0, 0.0), c + vec2(5.0, 5.0)]);
            painter.rect_filled(Rect::from_center_size(c + vec2(-4.0, 0.0), vec2(2.0, 10.0)), 0.0, colour);
        }
    }
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    response.on_hover_text(hint)
}

#[cfg(test)]
mod tests {
    use super::under_way;

    #[test]
    fn an_epoch_ends_with_its_validation() {
        assert_eq!(under_way(0, 438, 0), (1, 0));
        assert_eq!(under_way(197, 438, 0), (1, 44));
        assert_eq!(under_way(438, 438, 0), (1, 100), "validation is under way");
        assert_eq!(under_way(438, 438, 1), (2, 0));
        assert_eq!(under_way(1500, 438, 3), (4, 42));
    }
}
