//! `spikescape snapshot`: the window as a picture.

use std::path::Path;
use std::process::ExitCode;

use crate::file::{save, try_target};
use crate::gui::snapshot::{WindowShot, take};
use crate::text::count;
use crate::train::settings::toml_write::PROGRAM;

use super::args::{Size, Snapshot, Theme};
use super::print::say;
use super::settings::chosen_run;

/// Pixels along a side.
const MOST_PIXELS: f32 = 8192.0;
/// Points along a side, below which nothing of the window could be seen.
const LEAST: u32 = 200;

pub fn run(args: &Snapshot) -> Result<ExitCode, String> {
    let Snapshot { file, size: Size(width, height), scale, .. } = args;
    check_name(file)?;
    check_size(args.size, *scale)?;
    try_target(file)?;
    let settings = chosen_run(&args.chosen, None)?;
    let toml = settings.to_toml();
    let dark = args.theme == Theme::Dark;
    let shot = WindowShot::plain(settings, args.updates, [*width, *height], *scale, args.zoom, dark);
    let picture = take(shot.in_workspace(args.workspace.workspace()))?;
    let png = picture.png(&[("Software", PROGRAM), ("spikescape.settings", &toml)]);
    let png = png.map_err(|e| format!("The picture cannot be made: {e}."))?;
    save(file, &png)?;
    let updates = count(args.updates, "update");
    say(&format!("{}: {} × {} pixels, after {updates}", file.display(), picture.width, picture.height));
    Ok(ExitCode::SUCCESS)
}

fn check_name(file: &Path) -> Result<(), String> {
    if file.extension().is_some_and(|e| e.eq_ignore_ascii_case("png")) {
        return Ok(());
    }
    Err(format!("{} should end in .png: the picture is written as PNG.", file.display()))
}

fn check_size(Size(width, height): Size, scale: f32) -> Result<(), String> {
    if width.min(height) < LEAST {
        return Err(format!("--size {width}x{height} is too small: at least {LEAST}x{LEAST} points are needed."));
    }
    let pixels = |points: u32| (points as f32 * scale).round();
    if pixels(width.max(height)) > MOST_PIXELS {
        return Err(format!(
            "--size {width}x{height} with --scale {scale} is {} × {} pixels; at most {MOST_PIXELS} × {MOST_PIXELS} can \
             be drawn.",
            pixels(width),
            pixels(height)
        ));
    }
    Ok(())
}
