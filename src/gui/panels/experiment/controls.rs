//! The controls of single settings, one for each kind of value. Each returns what the user has set: `Some(Err(…))` for what
//! cannot be, as a sentence.

use egui::{ComboBox, Response, Ui};

use super::number::{CONTROL, Number};
use crate::snn::neuron::{alpha, tau};
use crate::train::Settings;
use crate::train::settings::kind::ChoiceList;
use crate::train::settings::{Field, Value};

/// What the user has set a field to, or why it cannot be that.
pub(super) type Wanted = Option<Result<Value, String>>;

/// On or off.
pub(super) fn switch(ui: &mut Ui, mut on: bool, name: &Response) -> Wanted {
    ui.checkbox(&mut on, "").labelled_by(name.id).changed().then_some(Ok(Value::Switch(on)))
}

/// One of several words.
pub(super) fn choice(ui: &mut Ui, field: &Field, choices: ChoiceList, now: &'static str, name: &Response) -> Wanted {
    let mut picked = now;
    let shown = choices.find(now).map_or(now, |choice| choice.label);
    let combo = ComboBox::from_id_salt(field.key).selected_text(shown).width(CONTROL).truncate();
    let combo = combo.show_ui(ui, |ui| {
        for choice in choices.iter() {
            ui.selectable_value(&mut picked, choice.key, choice.label).on_hover_text(choice.help);
        }
    });
    combo.response.labelled_by(name.id);
    (picked != now).then_some(Ok(Value::Choice(picked)))
}

/// A whole number from `min` to `max`.
pub(super) fn whole(ui: &mut Ui, field: &Field, [min, max]: [u64; 2], now: u64, name: &Response) -> Wanted {
    let speed = (now as f64 * 0.01).clamp(0.05, 10.0);
    let number = Number { value: now as f64, min: min as f64, max: max as f64, speed };
    // every whole number in a range is an exact double, and what is out of range is refused later
    let whole = |x: f64| if x.fract() == 0.0 && x >= 0.0 { Ok(Value::Whole(x as u64)) } else { Err(x.to_string()) };
    let new = number.show_whole(ui, name)?;
    Some(new.and_then(whole).map_err(|text| field.refuse(&text).message))
}

/// A real number, with the speed at which dragging changes it.
pub(super) fn real(ui: &mut Ui, field: &Field, number: Number, name: &Response) -> Wanted {
    let new = number.show(ui, name)?;
    Some(new.map(Value::Real).map_err(|text| field.refuse(&text).message))
}

/// A decay as its time constant in ms.
pub(super) fn time_constant(ui: &mut Ui, field: &Field, form: &Settings, decay: f64, name: &Response) -> Wanted {
    let dt = form.task.dt_ms;
    let number = Number { value: tau(decay, dt), min: 0.0, max: f64::INFINITY, speed: 0.2 };
    let new = number.show(ui, name)?;
    Some(new.map(|ms| Value::Real(alpha(ms, dt))).map_err(|text| field.refuse(&text).message))
}
