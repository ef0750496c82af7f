//! The glossary: the words of the field, some with a picture that is computed as it is drawn.

use egui::{Context, Rect, RichText, ScrollArea, Sense, Stroke, TextEdit, Ui, pos2, vec2};

use crate::explain::bench::BenchNeuron;
use crate::gui::theme::{Marks, Palette};
use crate::lesson::glossary::{TERMS, Term, TermPicture};
use crate::rule::RuleSettings;
use crate::snn::neuron::psp;

/// The sheet.
#[derive(Default)]
pub struct GlossarySheet {
    pub open: bool,
    /// Letters that terms are looked for by.
    sought: String,
}

/// Size of a picture, in points.
const PICTURE: egui::Vec2 = vec2(120.0, 54.0);

impl GlossarySheet {
    pub fn show(&mut self, ctx: &Context, theme: &Palette) {
        let mut open = self.open;
        let window = egui::Window::new("Glossary").open(&mut open).collapsible(false).default_size(vec2(560.0, 520.0));
        window.anchor(egui::Align2::CENTER_CENTER, vec2(0.0, 0.0)).show(ctx, |ui| {
            let hint = "Type a few letters of a word";
            let field = ui.add(TextEdit::singleline(&mut self.sought).hint_text(hint).desired_width(f32::INFINITY));
            field.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Find a term"));
            let height = ui.ctx().content_rect().height() - 130.0;
            ScrollArea::vertical().max_height(height.min(520.0)).auto_shrink(false).show(ui, |ui| {
                let sought = self.sought.to_lowercase();
                let found = |term: &&Term| {
                    sought.is_empty() || format!("{} {}", term.name, term.text).to_lowercase().contains(&sought)
                };
                let mut any = false;
                for term in TERMS.iter().filter(found) {
                    any = true;
                    entry(ui, theme, term);
                }
                if !any {
                    ui.label("No term has these letters.");
                }
            });
        });
        self.open = open;
    }
}

fn entry(ui: &mut Ui, theme: &Palette, term: &Term) {
    ui.horizontal_top(|ui| {
        let width = ui.available_width() - if term.picture == TermPicture::None { 12.0 } else { PICTURE.x + 24.0 };
        ui.vertical(|ui| {
            ui.set_width(width);
            ui.label(RichText::new(term.name).color(theme.focus));
            ui.add(egui::Label::new(term.text).wrap());
        });
        if term.picture != TermPicture::None {
            let (rect, response) = ui.allocate_exact_size(PICTURE, Sense::hover());
            let name = format!("Picture of {}", term.name);
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &name));
            ui.painter().rect_filled(rect, 3.0, theme.ground);
            picture(ui, theme, rect.shrink(5.0), term.picture);
        }
    });
    ui.add_space(6.0);
}

fn picture(ui: &Ui, theme: &Palette, rect: Rect, picture: TermPicture) {
    match picture {
        TermPicture::None => {}
        TermPicture::Psp(i, v) => {
            let values = psp(f64::from(i) / 100.0, f64::from(v) / 100.0, 40);
            curve(ui, theme, rect, &values.map(|x| x as f32).collect::<Vec<_>>());
        }
        TermPicture::Surrogate => {
            let rule = RuleSettings::default();
            let values: Vec<f32> = (0..60).map(|k| rule.surrogate(k as f32 / 30.0)).collect();
            curve(ui, theme, rect, &values);
            let x = rect.center().x;
            ui.painter().line_segment([pos2(x, rect.top()), pos2(x, rect.bottom())], Stroke::new(1.0, theme.warning));
        }
        TermPicture::Spike => {
            let mut bench = BenchNeuron { steps: 60, ..BenchNeuron::default() };
            for step in [4, 18, 24, 40] {
                bench.toggle(1, step);
            }
            let run = bench.run();
            curve(ui, theme, rect, &run.course.potential);
            for step in run.course.spikes {
                let x = rect.left() + rect.width() * step as f32 / 59.0;
                ui.painter().line_segment(
                    [pos2(x, rect.top() - 3.0), pos2(x, rect.top() + 5.0)],
                    Stroke::new(2.0, theme.focus),
                );
            }
        }
        TermPicture::Changes => changes(ui, theme, rect),
    }
}

/// A curve from 0 to its peak.
fn curve(ui: &Ui, theme: &Palette, rect: Rect, values: &[f32]) {
    let peak = values.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    let last = values.len().saturating_sub(1).max(1) as f32;
    let at = |(t, v): (usize, &f32)| {
        pos2(rect.left() + rect.width() * t as f32 / last, rect.bottom() - rect.height() * v.max(0.0) / peak)
    };
    ui.painter().line(values.iter().enumerate().map(at).collect(), Stroke::new(1.5, theme.ink));
}

/// A spike that was shifted, one that was created, one that was removed.
fn changes(ui: &Ui, theme: &Palette, rect: Rect) {
    let mut mesh = egui::Mesh::default();
    let at = |share: f32, row: f32| pos2(rect.left() + rect.width() * share, rect.top() + rect.height() * row);
    for (share, row) in [(0.15, 0.25), (0.85, 0.25), (0.35, 0.75), (0.6, 0.75)] {
        mesh.bar(at(share, row), vec2(2.0, 12.0), theme.ink);
    }
    mesh.arrow(at(0.15, 0.5), at(0.35, 0.5), theme.shifted);
    mesh.triangle(at(0.6, 0.45), 4.0, theme.created);
    mesh.cross(at(0.85, 0.25), 4.0, theme.removed);
    ui.painter().add(mesh);
}
