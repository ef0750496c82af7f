//! The sheet that asks how and where something is exported.

use egui::{Button, ComboBox, Context, DragValue, Key, ProgressBar, RichText, Role, TextEdit, Ui, WidgetInfo};

use super::subject::{ExportSubject, renamed};
use super::{ExportSheet, ExportWish};
use crate::figure::{FigureFormat, FigureStyle, FigureTheme, FigureView, Figures, FilmFormat, FilmSpec, is_plain};
use crate::gui::theme::{Palette, small};
use crate::text;

/// What the user said.
#[derive(Default)]
pub struct SheetAnswer {
    pub wish: Option<ExportWish>,
    pub closed: bool,
}

pub fn show(ctx: &Context, theme: &Palette, sheet: &mut ExportSheet) -> SheetAnswer {
    let (mut open, mut answer) = (true, SheetAnswer::default());
    let window = egui::Window::new(sheet.subject.title()).id(egui::Id::unique("export")).open(&mut open);
    let window = window.collapsible(false).resizable(false).anchor(egui::Align2::CENTER_CENTER, egui::Vec2::ZERO);
    window.show(ctx, |ui| {
        ui.set_width(520.0);
        let busy = sheet.progress.is_some();
        ui.add_enabled_ui(!busy, |ui| {
            let before = sheet.subject.clone();
            subject(ui, sheet);
            if sheet.subject != before {
                sheet.path = renamed(&sheet.path, &before, &sheet.subject);
            }
            if sheet.subject.has_look() {
                look(ui, &mut sheet.style, &sheet.subject);
            }
            place(ui, sheet, &mut answer);
        });
        if let ExportSubject::View { view, format } = sheet.subject {
            line(ui, theme, sheet, view, format);
        }
        if let Some(problem) = &sheet.problem {
            ui.label(RichText::new(problem).color(theme.warning));
        }
        buttons(ui, sheet, &mut answer);
    });
    answer.closed |= !open || ctx.input(|i| i.key_pressed(Key::Escape));
    answer
}

/// What it is: a format, or the moments of a film.
fn subject(ui: &mut Ui, sheet: &mut ExportSheet) {
    match &mut sheet.subject {
        ExportSubject::View { format, .. } => {
            ui.horizontal(|ui| {
                ui.label("Format");
                for one in FigureFormat::ALL {
                    ui.selectable_value(format, one, one.label()).on_hover_text(one.help());
                }
            });
        }
        ExportSubject::Everything => {
            let views: Vec<&str> = sheet.scene.views().into_iter().map(FigureView::label).collect();
            let text = format!("{}: each as SVG, PDF, PNG, CSV and NPZ, with a page that shows them", views.join(", "));
            ui.label(text);
        }
        ExportSubject::Film { spec, format } => film(ui, spec, format, sheet.scene.newest()),
    }
}

fn film(ui: &mut Ui, spec: &mut FilmSpec, format: &mut FilmFormat, newest: u64) {
    ui.horizontal(|ui| {
        ui.label("Format");
        for one in FilmFormat::ALL {
            ui.selectable_value(format, one, one.label()).on_hover_text(one.help());
        }
        ui.add_space(8.0);
        let list = ComboBox::from_id_salt("view of the film").selected_text(spec.view.label()).show_ui(ui, |ui| {
            for view in FigureView::ALL {
                ui.selectable_value(&mut spec.view, view, view.label()).on_hover_text(view.help());
            }
        });
        list.response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, "View of the film"));
        list.response.on_hover_text("The view that is filmed");
    });
    ui.horizontal(|ui| {
        number(ui, "From update", &mut spec.from, 0..=newest, "The update of the first frame");
        number(ui, "to", &mut spec.to, 0..=newest, "The update of the last frame");
        number(ui, "every", &mut spec.every, 1..=newest.max(1), "Updates from one frame to the next");
        let mut rate = u64::from(spec.rate);
        number(ui, "frames a second", &mut rate, 1..=50, "How fast the film plays");
        spec.rate = rate as u16;
    });
    let seconds = spec.frames() as f64 / f64::from(spec.rate);
    ui.label(format!("{}, {seconds:.1} s", text::count(spec.frames(), "frame")));
}

fn number(ui: &mut Ui, name: &str, value: &mut u64, range: std::ops::RangeInclusive<u64>, hint: &str) {
    ui.label(name);
    let drag = ui.add(DragValue::new(value).range(range).speed(1.0)).on_hover_text(hint);
    drag.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
}

fn look(ui: &mut Ui, style: &mut FigureStyle, subject: &ExportSubject) {
    ui.horizontal(|ui| {
        ui.label("Colours");
        for theme in FigureTheme::ALL {
            ui.selectable_value(&mut style.theme, theme, theme.label()).on_hover_text(theme.help());
        }
        // frames of a film have one anyway
        if style.theme == FigureTheme::Print && !matches!(subject, ExportSubject::Film { .. }) {
            ui.checkbox(&mut style.title, "Title").on_hover_text("Writes above the figure what it shows");
        }
    });
    ui.horizontal(|ui| {
        let numbers = [
            ("Width (mm)", &mut style.width, FigureStyle::WIDTHS, "Width of the figure, as on paper"),
            ("Font (pt)", &mut style.font, FigureStyle::FONTS, "Size of all text, as on paper; marks follow it"),
            ("Pixels per inch", &mut style.dpi, FigureStyle::DPIS, "Pixels to an inch of the picture"),
        ];
        for (name, value, range, hint) in numbers.into_iter().take(if subject.has_pixels() { 3 } else { 2 }) {
            ui.label(name);
            let drag = DragValue::new(value).range(range).speed(0.5).max_decimals(1);
            let drag = ui.add(drag).on_hover_text(hint);
            drag.widget_info(|| WidgetInfo::labeled(Role::SpinButton, true, name));
        }
    });
}

fn place(ui: &mut Ui, sheet: &mut ExportSheet, answer: &mut SheetAnswer) {
    ui.horizontal(|ui| {
        let name = ui.label(if sheet.subject.is_folder() { "Folder" } else { "File" });
        let field = ui.add(TextEdit::singleline(&mut sheet.path).desired_width(380.0)).labelled_by(name.id);
        if field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter)) {
            answer.wish = Some(ExportWish::Save);
        }
        if ui.button("Browse…").on_hover_text("Opens the system's file dialog, if there is one").clicked() {
            answer.wish = Some(ExportWish::Browse);
        }
    });
}

/// The line for the shell that makes the same file.
fn line(ui: &mut Ui, theme: &Palette, sheet: &ExportSheet, view: FigureView, format: FigureFormat) {
    let figures = Figures { scene: sheet.scene.clone(), options: sheet.wishes.options.clone(), style: sheet.style };
    let name = sheet.path.trim().rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let line = figures.line(view, format, name, &format!("{stem}.log.toml"));
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new("The same from a shell:").font(small()).color(theme.faint));
        if ui.small_button("Copy line").on_hover_text("Copies the line to the clipboard").clicked() {
            ui.ctx().copy_text(line.clone());
        }
    });
    ui.label(RichText::new(&line).monospace().size(small().size));
    if !is_plain(&sheet.scene.log) {
        let note = format!("It needs the log of the run, which is saved with the file as {stem}.log.toml.");
        ui.label(RichText::new(note).font(small()).color(theme.faint));
    }
}

fn buttons(ui: &mut Ui, sheet: &ExportSheet, answer: &mut SheetAnswer) {
    ui.horizontal(|ui| {
        if let Some(progress) = &sheet.progress {
            ui.add(ProgressBar::new(progress.fraction().unwrap_or(0.0)).desired_width(300.0).show_percentage());
            if ui.button("Stop").on_hover_text("Stops, and closes this dialog; nothing is written then").clicked() {
                answer.closed = true;
            }
            return;
        }
        let save = ui.add(Button::new("Save")).on_hover_text("Makes the file (Enter)");
        if save.clicked() {
            answer.wish = Some(ExportWish::Save);
        }
        if let ExportSubject::View { .. } = sheet.subject {
            let hint = "Copies the picture to the clipboard, with so many pixels to an inch as a PNG has";
            if ui.button("Copy picture").on_hover_text(hint).clicked() {
                answer.wish = Some(ExportWish::Copy);
            }
        }
        if ui.button("Cancel").on_hover_text("Closes this dialog (Esc)").clicked() {
            answer.closed = true;
        }
    });
}
