//! Where the run is: updates, epochs, loss, accuracy.

use egui::Ui;

use super::number::number;
use crate::gui::state::ViewContext;
use crate::text;
use crate::train::Readout;

/// Draws the numbers, from right to left.
pub fn show(ui: &mut Ui, cx: ViewContext) {
    let run = cx.run;
    let loss = run.frame.as_ref().map_or("–".into(), |f| text::value(f.loss));
    let batches = run.frame.as_ref().map_or(1, |f| f.batches);
    if batches > 1 {
        number(ui, cx, "batch loss", &loss, 58.0, "Loss of the last batch before its update");
    } else {
        number(ui, cx, "loss", &loss, 58.0, "Loss of the batch for the weights shown");
    }
    if ui.available_width() >= WITH_RATE {
        rate(ui, cx);
    }
    if ui.available_width() >= WITH_UPDATE {
        number(ui, cx, "update", &text::whole(run.update()), 70.0, "Updates made since the start of this run");
    }
    if batches > 1 && ui.available_width() >= WITH_EPOCHS {
        epochs(ui, cx, batches);
    }
}

/// Room without which a number is left out: the loss comes first.
const WITH_UPDATE: f32 = 124.0;
const WITH_RATE: f32 = 250.0;
const WITH_EPOCHS: f32 = 290.0;

fn rate(ui: &mut Ui, cx: ViewContext) {
    let run = cx.run;
    let rate = if run.playing { text::whole(run.rate.round() as u64) } else { "–".into() };
    let hint = format!(
        "Measured updates per second; there were {} between the last two frames shown",
        text::whole(run.between)
    );
    number(ui, cx, "updates/s", &rate, 54.0, &hint);
}

/// Which epoch is under way, and what validation said at the end of the last.
fn epochs(ui: &mut Ui, cx: ViewContext, batches: u64) {
    let run = cx.run;
    let (epoch, share) = under_way(run.update(), batches, run.epochs.last().map_or(0, |report| report.epoch));
    let hint = format!(
        "The current epoch and how much of it is done; an epoch is {} updates, in which every training sample is used \
         once",
        text::whole(batches)
    );
    number(ui, cx, "epoch", &format!("{epoch} · {share} %"), 84.0, &hint);
    if let Some((done, of)) = run.validating {
        let of = text::whole(of as u64);
        let hint = "Validation samples evaluated so far; training continues after them";
        number(ui, cx, "validating", &format!("{}/{of}", text::whole(done as u64)), VALIDATION - 60.0, hint);
    } else if run.frame.as_ref().is_some_and(|f| f.task.labelled) {
        let readout = Readout::of(&run.settings.loss);
        let last = run.epochs.last().and_then(|report| Some((report.epoch, report.valid?)));
        let (text, hint) = match last {
            None => ("–".to_owned(), "Validation runs at the end of every epoch".to_owned()),
            Some((epoch, v)) => (
                text::percent(v.accuracy(readout), 1),
                format!(
                    "Validation accuracy after epoch {epoch}: {} by first spike, {} by count",
                    text::percent(v.accuracy_first, 1),
                    text::percent(v.accuracy_count, 1)
                ),
            ),
        };
        number(ui, cx, "validation", &text, VALIDATION - 32.0, &hint);
    }
}

/// Width of what is said of validation, name and number.
const VALIDATION: f32 = 140.0;

/// The number of the epoch under way, from 1, and how many hundredths of it are done. One whose validation has not
/// ended (`ended` have) is still under way.
fn under_way(update: u64, batches: u64, ended: u64) -> (u64, u64) {
    let whole = update / batches;
    if update > 0 && update.is_multiple_of(batches) && ended < whole {
        (whole, 100)
    } else {
        (whole + 1, update % batches * 100 / batches)
    }
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
