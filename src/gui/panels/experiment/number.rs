//! A number to be dragged or typed. What was typed and is out of range, or is not a number, is refused in words and never
//! silently changed.

use std::cell::RefCell;

use egui::{DragValue, Response, Ui, vec2};

/// Width of every control of the form, in points.
pub(super) const CONTROL: f32 = 84.0;

/// A number in a range, as its control shows it.
pub(super) struct Number {
    pub value: f64,
    pub min: f64,
    pub max: f64,
    /// How far dragging by a point takes it.
    pub speed: f64,
}

impl Number {
    /// `Some(Ok(…))`: the number was changed, perhaps to one out of range. `Some(Err(…))`: the text that is not a number.
    pub fn show(self, ui: &mut Ui, name: &Response) -> Option<Result<f64, String>> {
        self.field(ui, name, |x| {
            let plain = format!("{x:.4}");
            let plain = plain.trim_end_matches('0').trim_end_matches('.');
            if x == 0.0 || (1e-3..1e5).contains(&x.abs()) { plain.to_owned() } else { format!("{x:e}") }
        })
    }

    /// The same for whole numbers: dragging takes it to whole numbers only.
    pub fn show_whole(self, ui: &mut Ui, name: &Response) -> Option<Result<f64, String>> {
        let new = self.field(ui, name, |x| format!("{x:.0}"));
        new.map(|x| x.map(|x| if x.fract().abs() < 1e-9 { x.round() } else { x }))
    }

    fn field(self, ui: &mut Ui, name: &Response, text: impl Fn(f64) -> String) -> Option<Result<f64, String>> {
        let unread = RefCell::new(None);
        let mut value = self.value;
        let shown = text(self.value);
        let parser = |s: &str| {
            // digits that the field does not show are not lost by looking at it
            if s == shown {
                return Some(self.value);
            }
            let number = s.trim().replace(',', ".").parse().ok();
            if number.is_none() {
                *unread.borrow_mut() = Some(s.to_owned());
            }
            number
        };
        let drag = DragValue::new(&mut value).speed(self.speed).update_while_editing(false);
        let drag = drag.custom_parser(parser).custom_formatter(|x, _| text(x));
        let response = ui.add_sized(vec2(CONTROL, 20.0), drag).labelled_by(name.id);
        if let Some(text) = unread.take() {
            return Some(Err(text));
        }
        if !response.changed() || value == self.value {
            return None;
        }
        Some(Ok(if response.dragged() { value.clamp(self.min, self.max) } else { value }))
    }
}
