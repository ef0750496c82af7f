//! Where the rules' gradients agree over training: a lane for each layer, a line for each pair.

mod lanes;

use egui::{Button, ScrollArea, Ui};

use self::lanes::{AgreementLane, AgreementLine};
use crate::explain::agreement::RULE_PAIRS;
use crate::gui::names::layer_name;
use crate::gui::state::ViewContext;
use crate::gui::widgets::{note, run_style};
use crate::rule::Rule;

/// The state of the panel's own view.
#[derive(Default)]
pub struct AgreementPanel {
    /// The run at whose state all rules are asked; none: each run's own gradient at its own state.
    at: Option<usize>,
}

const NOTHING: &str = "Nothing is compared yet: press \"Three rules, one seed\" in the panel \"Compared runs\"";

impl AgreementPanel {
    pub fn ui(&mut self, ui: &mut Ui, cx: ViewContext) {
        let runs = &cx.compare.runs;
        if runs.is_empty() {
            return note::empty(ui, cx, NOTHING);
        }
        self.at = self.at.filter(|n| *n < runs.len());
        self.choice(ui, cx);
        note::caption(ui, cx, "Cosine between two gradients: 1 the same direction, 0 nothing in common, −1 opposite");
        if cx.compare.agreements().is_empty() {
            return note::empty(ui, cx, "The first measurement is under way");
        }
        let lanes = self.lanes(cx);
        if lanes.is_empty() {
            return note::empty(ui, cx, "These runs have different networks: choose the state of one of them");
        }
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| lanes::show(ui, cx, &lanes));
    }

    fn choice(&mut self, ui: &mut Ui, cx: ViewContext) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing.x = 3.0;
            ui.label("At");
            let hint = "Compares the gradients that the runs follow, each at the state that it has come to";
            if ui.add(Button::selectable(self.at.is_none(), "each at its own")).on_hover_text(hint).clicked() {
                self.at = None;
            }
            for (n, run) in cx.compare.runs.iter().enumerate() {
                let button = ui.add(Button::selectable(self.at == Some(n), format!("state of {}", run.name)));
                let hint = "A common state: all three rules are asked at the weights of this run";
                if button.on_hover_text(hint).clicked() {
                    self.at = Some(n);
                }
            }
        });
    }

    /// A lane for each layer with weights.
    fn lanes(&self, cx: ViewContext) -> Vec<AgreementLane> {
        let all = cx.compare.agreements();
        let Some(frame) = cx.compare.runs[self.at.unwrap_or(0)].view.frame.as_ref() else { return Vec::new() };
        let numbers = frame.net.layers.iter().enumerate().filter(|(_, layer)| layer.has_weights()).map(|(n, _)| n);
        let name = |n: usize| layer_name(n, frame.net.layers.len(), &frame.net.layers);
        let mut lanes = Vec::new();
        for (k, number) in numbers.enumerate() {
            let lines = match self.at {
                Some(at) => (0..RULE_PAIRS.len())
                    .map(|pair| {
                        let value = |m: &crate::engine::Agreement| m.states[at][pair].get(k).copied().flatten();
                        let points = all.iter().map(|m| (m.updates[at], value(m))).collect();
                        line(cx, pair, rules_text(RULE_PAIRS[pair]), points)
                    })
                    .collect::<Vec<_>>(),
                None => self.own_lines(cx, k),
            };
            if !lines.is_empty() {
                lanes.push(AgreementLane { name: name(number), lines });
            }
        }
        lanes
    }

    /// Lines of layer `k` for each pair of runs.
    fn own_lines(&self, cx: ViewContext, k: usize) -> Vec<AgreementLine> {
        let all = cx.compare.agreements();
        let pairs = all.last().map_or(&[][..], |last| &last.runs);
        let one = |(n, (pair, _)): (usize, &([usize; 2], crate::engine::LayerCosines))| {
            let value = |m: &crate::engine::Agreement| m.runs.get(n)?.1.get(k).copied().flatten();
            let points = all.iter().map(|m| (m.updates[pair[0]].max(m.updates[pair[1]]), value(m))).collect();
            let names = pair.map(|run| cx.compare.runs[run].name.as_str());
            line(cx, n, format!("{} · {}", names[0], names[1]), points)
        };
        pairs.iter().enumerate().map(one).collect()
    }
}

fn line(cx: ViewContext, n: usize, name: String, points: Vec<(u64, Option<f64>)>) -> AgreementLine {
    let colour =
        [cx.theme.ink, cx.theme.created, cx.theme.removed, cx.theme.focus, cx.theme.faint, cx.theme.target][n % 6];
    AgreementLine { name, colour, dashes: run_style::dashes(n % 4), points }
}

fn rules_text([a, b]: [Rule; 2]) -> String {
    format!("{} · {}", a.label(), b.label())
}
