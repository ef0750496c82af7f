//! The controls above the timeline: steps, the past as a film, the update as a number, Live, forks and pins.

use egui::{Button, Key, RichText, Ui, WidgetInfo, vec2};

use super::Timeline;
use crate::figure::FigureView;
use crate::gui::action::{Action, ExportAction, TimeAction};
use crate::gui::state::{ViewContext, letter};
use crate::gui::theme;
use crate::text;

impl Timeline {
    pub(super) fn controls(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let folded = self.is_folded(ui);
            let (sign, hint) = match folded {
                true => ("Show timeline", "Shows the zoomed part of the timeline"),
                false => ("Timeline", "Folds the timeline to its strip"),
            };
            if ui.selectable_label(!folded, sign).on_hover_text(hint).clicked() {
                self.folded = Some(!folded);
            }
            steps(ui, cx, actions);
            self.update_field(ui, cx, actions);
            live(ui, cx, actions);
            ui.separator();
            let go_on = "Starts a new run from the moment shown, with its weights, optimiser and targets; this run is \
                         kept. Change the rule or a setting then, and press Run (G)";
            if ui.button("Go on from here").on_hover_text(go_on).clicked() {
                actions.push(TimeAction::Fork.into());
            }
            let pin = "Keeps this moment, with what is chosen and shown, under a name (P)";
            if ui.button("Pin").on_hover_text(pin).clicked() {
                actions.push(TimeAction::Pin.into());
            }
            let film = "Writes the run, or a part of it, as GIF, APNG or frames";
            if ui.button("Film…").on_hover_text(film).clicked() {
                actions.push(ExportAction::Film(FigureView::Raster).into());
            }
            self.goals.show(ui, cx, actions);
            status(ui, cx, actions);
        });
    }

    /// The update as a text: where it is past one goes there, else the run is trained until then.
    fn update_field(&mut self, ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
        let shown = cx.time.at.unwrap_or_else(|| cx.run.newest());
        let mut typed = self.typed.take().unwrap_or_else(|| text::whole(shown));
        let name = ui.label(RichText::new("Update").font(theme::small()).color(cx.theme.faint));
        let field = egui::TextEdit::singleline(&mut typed).desired_width(64.0);
        let hint = "The update that is looked at. Type a number and press Enter: one that is past is gone to; until a later \
                    one the run is trained, then it pauses";
        let response = ui.add(field).labelled_by(name.id).on_hover_text(hint);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::TextInput, true, "Update that is looked at"));
        if response.lost_focus() {
            let digits: String = typed.chars().filter(|c| !c.is_whitespace() && !",.'\u{202f}".contains(*c)).collect();
            if ui.input(|i| i.key_pressed(Key::Enter)) {
                match digits.parse() {
                    Ok(update) => actions.push(TimeAction::RunTo(update).into()),
                    Err(_) => {
                        let problem = format!("“{typed}” is not an update: a whole number from 0 is expected.");
                        actions.push(crate::gui::action::WindowAction::Notify(problem).into());
                    }
                }
            }
        } else if response.has_focus() {
            self.typed = Some(typed);
        }
        let of = format!("of {}", text::whole(cx.run.newest()));
        ui.label(RichText::new(of).font(theme::small()).color(cx.theme.faint));
    }
}

fn steps(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let plays = |forward| cx.time.playback.is_some_and(|playback| playback.forward == forward);
    let search = "(with a neuron picked in the raster, its spikes; otherwise those of any output)";
    let controls: [(&str, &str, String, bool, TimeAction); 6] = [
        (
            "|<",
            "Previous change of spikes",
            format!("To the last update before this one that changed spikes {search} (Ctrl + left arrow)"),
            false,
            TimeAction::Search { forward: false },
        ),
        ("<", "Update before", "One update back (left arrow)".into(), false, TimeAction::Step(-1)),
        (
            "<<",
            "Play the past backward",
            "Plays the past backward, ten updates a second; again: stops".into(),
            plays(false),
            TimeAction::Play { forward: false },
        ),
        (
            ">>",
            "Play the past forward",
            "Plays the past forward, ten updates a second; again: stops".into(),
            plays(true),
            TimeAction::Play { forward: true },
        ),
        (
            ">",
            "Update after",
            "One update on, within what was trained (right arrow)".into(),
            false,
            TimeAction::Step(1),
        ),
        (
            ">|",
            "Next change of spikes",
            format!("To the next update after this one that changed spikes {search} (Ctrl + right arrow)"),
            false,
            TimeAction::Search { forward: true },
        ),
    ];
    for (sign, name, hint, on, action) in controls {
        let button = ui.add(Button::selectable(on, sign).min_size(vec2(24.0, 20.0))).on_hover_text(hint);
        button.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, on, name));
        if button.clicked() {
            actions.push(action.into());
        }
    }
}

/// Lights while the views follow the run.
fn live(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let follows = cx.time.at.is_none();
    let text = RichText::new("Live").color(if follows { cx.theme.text_on(cx.theme.focus) } else { cx.theme.ink });
    let button = Button::new(text).fill(if follows { cx.theme.focus } else { cx.theme.line });
    let hint = match follows {
        true => "The views follow the run",
        false => "The views stay at one moment. Click to follow the run again (End or L)",
    };
    let response = ui.add(button.min_size(vec2(40.0, 20.0))).on_hover_text(hint);
    response.widget_info(|| WidgetInfo::selected(egui::Role::Button, true, follows, "Live"));
    if response.clicked() {
        actions.push(TimeAction::Live.into());
    }
}

/// What is being replayed or searched, and what the views show meanwhile.
fn status(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    let (time, shown) = (cx.time, cx.run.update());
    let say = |ui: &mut Ui, text: String| {
        ui.label(RichText::new(text).font(theme::small()).color(cx.theme.faint));
    };
    if let Some((_, passed)) = time.search {
        let place = passed.map_or(String::new(), |update| format!(": none so far, at update {}", text::whole(update)));
        say(ui, format!("Searching{place}"));
        if ui.small_button("Stop").on_hover_text("Stops the search; the moment stays").clicked() {
            actions.push(TimeAction::StopSearch.into());
        }
        return;
    }
    let Some(at) = time.at.filter(|at| *at != shown) else {
        if time.at.is_some() {
            say(
                ui,
                match cx.run.newest().saturating_sub(shown) {
                    0 => "The newest update".to_owned(),
                    ago => format!("A moment of the past, {} ago", text::count(ago, "update")),
                },
            );
        }
        return;
    };
    let progress = time.asked.and_then(|asked| asked.progress).map_or(String::new(), |(done, of)| {
        format!(", {} of {} made again", text::whole(done), text::count(of, "update"))
    });
    say(ui, format!("Update {} is shown; {} is on its way{progress}", text::whole(shown), text::whole(at)));
}

/// The runs by the order of their starts, the one at work among them; each has its letter.
pub(super) fn runs(ui: &mut Ui, cx: ViewContext, actions: &mut Vec<Action>) {
    ui.label(RichText::new("Runs").font(theme::small()).color(cx.theme.faint));
    let mut all: Vec<_> = cx.runs.iter().chain([cx.run]).collect();
    all.sort_by_key(|run| run.start);
    for run in all {
        let (on, rule) = (run.start == cx.run.start, run.settings.rule.rule);
        let from = run
            .parent
            .map_or(String::new(), |(parent, update)| format!(" from {} at {}", letter(parent), text::whole(update)));
        let title = format!("{}: {}, {}{from}", run.letter(), rule.label(), text::whole(run.newest()));
        let loss = run.live.as_ref().map_or("–".into(), |frame| text::value(frame.loss));
        let hint = format!(
            "Run {}: seed {}, {}, loss {loss}. {}",
            run.letter(),
            run.settings.run.seed,
            text::count(run.newest(), "update"),
            if on { "It is the one shown" } else { "Click to go back to it; a right click opens its menu" }
        );
        let text = RichText::new(title).font(theme::small()).color(if on { cx.theme.ink } else { cx.theme.rule(rule) });
        let response = ui.add(Button::selectable(on, text)).on_hover_text(hint);
        if response.clicked() && !on {
            actions.push(TimeAction::Switch(run.start).into());
        }
        if !on {
            response.context_menu(|ui| {
                let remove = "Takes the run away; Ctrl + Z brings it back";
                entry(ui, "Go back to it", "Shows this run as it was left", TimeAction::Switch(run.start), actions);
                entry(ui, "Remove", remove, TimeAction::Remove(run.start), actions);
            });
        }
    }
    ui.separator();
}

/// An entry of the menu of a run or pin.
fn entry(ui: &mut Ui, name: &str, hint: &str, action: TimeAction, actions: &mut Vec<Action>) {
    if ui.button(name).on_hover_text(hint).clicked() {
        actions.push(action.into());
    }
}

/// A pin; whether its name is to be typed.
pub(super) fn pin(ui: &mut Ui, cx: ViewContext, n: usize, actions: &mut Vec<Action>) -> bool {
    let pin = &cx.time.pins[n];
    let here = pin.start == cx.run.start && cx.time.at == Some(pin.update);
    let title = format!("{} · {}{}", pin.name, letter(pin.start), text::whole(pin.update));
    let text = RichText::new(title).font(theme::small()).color(cx.theme.target);
    let hint =
        "Click: goes to this moment, with the view that was pinned. Double click: another name. Right click: its menu";
    let response = ui.add(Button::selectable(here, text)).on_hover_text(hint);
    if response.clicked() {
        actions.push(TimeAction::GoToPin(n).into());
    }
    let mut rename = response.double_clicked();
    response.context_menu(|ui| {
        entry(ui, "Go to it", "Shows this moment, with the view that was pinned", TimeAction::GoToPin(n), actions);
        rename |= ui.button("Rename").on_hover_text("Gives the pin another name (double click)").clicked();
        entry(ui, "Remove", "Takes the pin away; Ctrl + Z brings it back", TimeAction::Unpin(n), actions);
    });
    rename
}
