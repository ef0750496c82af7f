//! Trainings of a sweep: which there are, and their table.

use std::path::{Path, PathBuf};

use crate::file::{TEXT_LIMIT, read_text, save};
use crate::machine::memory;
use crate::rule::Rule;
use crate::sweep::train::{RunLength, TrainAnswer, TrainAsk, TrainEnd, no_epochs};
use crate::sweep::{GatheredAnswers, NamedSettings, OpenTasks, SweepRuns};
use crate::train::{Settings, Validation};

use super::super::print::{exact, say};
use super::super::settings::{assign, check, chosen_run, sentences};
use super::super::table::{Csv, Table};
use super::args::PlanTrain;
use crate::text::{count, value, whole};

/// Updates where nothing is said.
const UPDATES: u64 = 1000;

/// What the command line asks for. What cannot be, or whose data cannot be opened, is said.
pub fn ask(args: &PlanTrain) -> Result<TrainAsk, String> {
    let base = chosen_run(&args.chosen, args.data.as_deref())?;
    let bases = if args.files.is_empty() {
        vec![NamedSettings { name: String::new(), settings: base }]
    } else {
        args.files.iter().map(|file| named(args, file)).collect::<Result<_, _>>()?
    };
    let list = |seeds: &Option<super::super::args::List<u64>>| seeds.as_ref().map(|s| s.0.clone()).unwrap_or_default();
    let rules = args.rules.as_ref().map(|r| r.0.clone()).unwrap_or_default();
    let runs = SweepRuns { bases, vary: args.vary.clone(), rules, seeds: list(&args.seeds) };
    runs.check(check)?;
    let length = match (args.epochs, args.updates) {
        (Some(epochs), _) => RunLength::Epochs(epochs),
        (None, updates) => RunLength::Updates(updates.unwrap_or(UPDATES)),
    };
    let task = OpenTasks::keeping(1).open(&runs.settings(0)?)?;
    if matches!(length, RunLength::Epochs(_)) && !task.labelled {
        return Err(no_epochs(task.settings.kind.key()));
    }
    Ok(TrainAsk { runs, length, curves: args.curves })
}

/// The settings of a file, changed by the other flags.
fn named(args: &PlanTrain, file: &Path) -> Result<NamedSettings, String> {
    let name = file.display().to_string();
    let base = args.chosen.source.preset.map_or_else(Settings::default, |p| (p.make)());
    let text = read_text(file, TEXT_LIMIT)?;
    let mut settings = Settings::from_toml_onto(base, &name, &text, memory()).map_err(|p| sentences(&p))?;
    if let Some(neuron) = args.chosen.source.neuron {
        settings = neuron.onto(&settings);
    }
    assign(&mut settings, &args.chosen.source.set)?;
    if let Some(rule) = args.chosen.rule {
        settings.rule.rule = rule;
    }
    if let Some(seed) = args.chosen.seed {
        settings.set_text("run.seed", &seed.to_string()).map_err(|p| format!("--seed: {p}"))?;
    }
    if let Some(data) = &args.data {
        settings.set_text("task.data", data).map_err(|p| format!("--data: {p}"))?;
    }
    check(&settings)?;
    Ok(NamedSettings { name, settings })
}

/// Prints the table of what the trainings came to, and writes the files.
pub fn report(ask: &TrainAsk, gathered: &GatheredAnswers<TrainAnswer>, out: &[PathBuf]) -> Result<(), String> {
    let trainings = Trainings { ask, gathered };
    let number = count(u64::from(ask.runs.tasks()), "training");
    say(&format!("{number}\n\n{}\n\n{NOTES}", trainings.text().aligned(1)));
    for path in out {
        save(path, trainings.every_run().text().as_bytes())?;
        if ask.curves.is_some() {
            save(&path.with_extension("curves.csv"), trainings.curves().text().as_bytes())?;
        }
    }
    if !out.is_empty() {
        let names: Vec<String> = out.iter().map(|f| f.display().to_string()).collect();
        say(&format!("\nwritten: {}", names.join(", ")));
    }
    Ok(())
}

struct Trainings<'a> {
    ask: &'a TrainAsk,
    gathered: &'a GatheredAnswers<TrainAnswer>,
}

impl Trainings<'_> {
    /// Tasks with what is known of them, cell by cell.
    fn runs(&self) -> impl Iterator<Item = (u32, &TrainAnswer)> {
        let runs = &self.ask.runs;
        let seeds = runs.seeds.len().max(1);
        let tasks = (0..runs.cells()).flat_map(move |cell| (0..seeds).map(move |seed| runs.task(cell, seed)));
        tasks.filter_map(|task| Some((task, self.gathered.known(task)?)))
    }

    /// File, rule, varied values and seed of a task.
    fn start(&self, task: u32, rule: fn(crate::rule::Rule) -> &'static str) -> Vec<String> {
        let runs = &self.ask.runs;
        let cell = runs.cell(runs.place(task).0);
        let mut start = vec![task.to_string(), runs.bases[cell.base].name.clone(), rule(cell.rule).to_owned()];
        start.extend(runs.values(&cell).into_iter().map(str::to_owned));
        start.push(runs.seed(task).to_string());
        start
    }

    fn head(&self) -> Vec<&str> {
        let mut head = vec!["task", "settings", "rule"];
        head.extend(self.ask.runs.vary.iter().map(|v| v.key.as_str()));
        head.push("seed");
        head
    }

    /// A row for each training, for programs.
    fn every_run(&self) -> Csv {
        let mut head = self.head();
        head.extend(["updates", "epochs", "loss", "spikes", "digest"]);
        head.extend(["test_accuracy_first", "test_accuracy_count", "test_unanswered", "test_spikes", "test_necessary"]);
        head.extend([
            "best_epoch",
            "best_validation",
            "best_test_accuracy_first",
            "best_test_accuracy_count",
            "diverged",
        ]);
        let mut table = Csv::new(&head);
        for (task, run) in self.runs() {
            let mut row = self.start(task, crate::rule::Rule::key);
            row.extend(match &run.end {
                Some(TrainEnd { updates, epochs, digest, loss, spikes }) => [
                    updates.to_string(),
                    epochs.to_string(),
                    exact(*loss),
                    spikes.to_string(),
                    format!("{digest:016x}"),
                ],
                None => Default::default(),
            });
            let last = |v: &Validation| {
                let unanswered = v.unanswered.to_string();
                [exact(v.accuracy_first), exact(v.accuracy_count), unanswered, exact(v.spikes), exact(v.necessary)]
            };
            row.extend(run.last.as_ref().map(last).unwrap_or_default());
            let best = run.best.as_ref();
            row.push(best.map_or_else(String::new, |b| b.epoch.to_string()));
            row.push(best.map_or_else(String::new, |b| exact(b.validation)));
            let test = best.and_then(|b| b.test.as_ref());
            row.extend(test.map(|v| [exact(v.accuracy_first), exact(v.accuracy_count)]).unwrap_or_default());
            row.push(run.diverged.as_ref().map_or_else(String::new, |d| d.what.clone()));
            table.push(&row);
        }
        table
    }

    /// A row for each point of each curve, for programs.
    fn curves(&self) -> Csv {
        let mut head = self.head();
        head.extend(["update", "loss", "spikes"]);
        let mut table = Csv::new(&head);
        for (task, run) in self.runs() {
            for point in &run.curve {
                let mut row = self.start(task, crate::rule::Rule::key);
                row.extend([point.update.to_string(), exact(point.loss), point.spikes.to_string()]);
                table.push(&row);
            }
        }
        table
    }

    /// A row for each training, for people.
    fn text(&self) -> Table {
        let mut head = self.head();
        head.extend(["updates", "loss", "spikes", "test: first spike", "best epoch", "its test"]);
        let mut table = Table::new(&head);
        for (task, run) in self.runs() {
            let percent =
                |v: Option<&Validation>| v.map_or_else(|| "–".into(), |v| format!("{:.2} %", 100.0 * v.accuracy_first));
            let mut row = self.start(task, Rule::label);
            row.extend(match &run.end {
                Some(end) => {
                    let diverged = if run.diverged.is_some() { " (diverged)" } else { "" };
                    [whole(end.updates) + diverged, value(end.loss), end.spikes.to_string()]
                }
                None => ["–"; 3].map(str::to_owned),
            });
            row.push(percent(run.last.as_ref()));
            row.push(run.best.map_or_else(|| "–".into(), |b| b.epoch.to_string()));
            row.push(percent(run.best.as_ref().and_then(|b| b.test.as_ref())));
            table.push(row);
        }
        table
    }
}

const NOTES: &str = "\
Loss: that of the batch looked at last. Spikes: those of the watched sample in
hidden layers and output together. Test: share of right answers by first spike,
by the last weights and by those of the epoch with the best validation.";
