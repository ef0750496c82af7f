//! The rasteriser behind egui's test harness.

mod support;

use egui_kittest::{Harness, kittest::Queryable};
use support::Cpu;

#[test]
fn a_harness_draws_without_a_display() {
    let mut harness =
        Harness::builder().with_size([160.0, 60.0]).with_pixels_per_point(2.0).renderer(Cpu::default()).build_ui_state(
            |ui, runs| {
                ui.label(format!("{runs} runs"));
                if ui.button("Run").clicked() {
                    *runs += 1;
                }
            },
            0,
        );
    let before = harness.render().unwrap();
    assert_eq!(before.dimensions(), (320, 120));
    assert!(before.pixels().any(|pixel| pixel != before.get_pixel(0, 0)), "something is drawn");
    assert!(before.pixels().all(|pixel| pixel.0[3] == 255), "the picture is opaque");

    harness.get_by_label("Run").click();
    harness.run();
    assert_eq!(*harness.state(), 1);
    assert!(before != harness.render().unwrap(), "the label has changed");
}
