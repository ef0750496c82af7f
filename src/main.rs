//! The program: a window where there is a display, else the terminal; or one of the commands of `spikescape --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    spikescape::cli::run(spikescape::gui::window::open)
}
