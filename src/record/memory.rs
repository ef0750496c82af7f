//! Whether a run fits into the memory of this machine.

use crate::machine;
use crate::train::Settings;
use crate::train::settings::Problem;

/// Whether a run of these settings can be, on this machine.
pub fn check(settings: &Settings) -> Result<(), Vec<Problem>> {
    settings.check_within(machine::memory())
}
