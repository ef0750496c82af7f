//! Which runs there are, checked before anything begins.

use crate::rule::Rule;
use crate::sweep::compare::{CompareAsk, RunLooks};
use crate::sweep::train::no_epochs;
use crate::sweep::{NamedSettings, OpenTasks, SweepRuns};
use crate::task::{Split, Task};
use crate::train::Settings;

use super::super::settings::{check, chosen, network};
use super::args::CompareWhat;

/// Splits that are answered where nothing is said.
const SPLITS: [Split; 2] = [Split::Validation, Split::Test];

/// What the command line asks for. What cannot be, or whose data cannot be opened, is said.
pub fn ask(what: &CompareWhat) -> Result<CompareAsk, String> {
    let mut base = chosen(&what.source)?;
    if let Some(data) = &what.data {
        base.set_text("task.data", data).map_err(|p| format!("--data: {p}"))?;
        check(&base)?;
    }
    let rules: Vec<Rule> = what.rules.0.clone();
    let bases = vec![NamedSettings { name: String::new(), settings: base.clone() }];
    let runs = SweepRuns { bases, vary: what.vary.clone(), rules, seeds: what.seeds.0.clone() };
    runs.check(check)?;
    let task = OpenTasks::keeping(1).open(&runs.settings(0)?)?;
    let looks = looks(what, &task)?;
    Ok(CompareAsk { runs, looks, curves: what.curves, network: trained_network(&base, &task) })
}

/// The network as it is trained, with the sizes that the data have.
pub fn trained_network(base: &Settings, task: &Task) -> String {
    let mut settings = base.clone();
    task.fit(&mut settings.task);
    network(&settings)
}

fn looks(what: &CompareWhat, task: &Task) -> Result<RunLooks, String> {
    let rising = |numbers: &[u64]| {
        let mut numbers = numbers.to_vec();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    };
    if what.epochs.is_empty() {
        return Ok(RunLooks::Updates(rising(&what.updates)));
    }
    if !task.labelled {
        return Err(no_epochs(task.settings.kind.key()));
    }
    let splits = if what.splits.is_empty() {
        SPLITS.into_iter().filter(|split| task.len(*split) > 0).collect()
    } else {
        let mut splits = what.splits.clone();
        splits.dedup();
        if let Some(empty) = splits.iter().find(|split| task.len(**split) == 0) {
            return Err(format!("--splits {}: the data have no samples there.", empty.key()));
        }
        splits
    };
    Ok(RunLooks::Epochs { after: rising(&what.epochs), splits })
}
