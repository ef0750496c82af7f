//! `spikescape eval`: how well weights do on samples with classes.

use std::process::ExitCode;
use std::sync::Arc;

use serde_json::json;

use crate::engine;
use crate::explain::health::Finding;
use crate::machine::memory;
use crate::snn::{Isa, Network, Params};
use crate::task::progress::Progress;
use crate::task::{self, Split, Task};
use crate::text::{count, percent, value, whole};
use crate::train::pass::Model;
use crate::train::{EvaluationContext, Readout, Settings, Validation};

use super::args::Eval;
use super::exam::{Examined, batch_note, examine};
use super::health;
use super::print::say;
use super::settings::{assign, check, chosen, network, sentences};
use super::signals;
use super::table::Table;
use super::tensor_file::TensorFile;

pub fn run(args: &Eval) -> Result<ExitCode, String> {
    let file = TensorFile::read(&args.file)?;
    let subject = Subject::of(args, &file)?;
    let pool = engine::pool("evaluation", args.threads.map_or_else(engine::cores, usize::from))?;
    signals::listen();
    let Some(examined) = pool.install(|| subject.examine())? else { return Ok(signals::stopped()) };
    let findings = pool.install(|| subject.findings(&examined))?;
    let report = Report { args, subject: &subject, examined: &examined, findings: &findings };
    say(&if args.json { report.json() } else { report.text() });
    Ok(ExitCode::SUCCESS)
}

/// What is looked at.
struct Subject {
    settings: Settings,
    /// Updates that made the weights, where it is known.
    update: Option<u64>,
    task: Arc<Task>,
    net: Network,
    params: Params,
    part: Split,
    batch: usize,
}

impl Subject {
    fn of(args: &Eval, file: &TensorFile) -> Result<Self, String> {
        let (mut settings, update) = settings(args, file)?;
        let set = |settings: &mut Settings, flag: &str, key: &str, text: &str| {
            settings.set_text(key, text).map_err(|p| format!("{flag}: {p}"))
        };
        if let Some(data) = &args.data {
            set(&mut settings, "--data", "task.data", data)?;
        }
        if let Some(batch) = args.batch {
            set(&mut settings, "--batch", "run.batch", &batch.to_string())?;
        }
        check(&settings)?;
        let task = Arc::new(task::open(&settings.task, settings.run.seed, &Progress::default())?);
        if !task.labelled {
            return Err(format!(
                "Samples of the task {} have no class, so there is no accuracy to tell: `spikescape eval` is for tasks \
                 with classes.",
                settings.task.kind.key()
            ));
        }
        let number = task.len(args.part);
        if number == 0 {
            return Err(format!("There are no samples for --part {}.", args.part.key()));
        }
        task.fit(&mut settings.task);
        // the data may have made it larger
        check(&settings)?;
        let net = settings.network().map_err(|misfit| {
            format!("The network {} does not fit to the data: {}.", settings.network_text(), misfit.sentence)
        })?;
        let params = file.weights(&net)?;
        let batch = settings.batch_of(number);
        Ok(Self { settings, update, task, net, params, part: args.part, batch })
    }

    fn examine(&self) -> Result<Option<Examined>, String> {
        let dynamics = self.settings.neuron.dynamics(self.settings.task.steps);
        let model = Model { net: &self.net, dynamics: &dynamics, isa: Isa::best() };
        let exam = EvaluationContext { model, loss: &self.settings.loss, task: &self.task };
        examine(exam, &self.params, self.part, self.batch)
    }

    /// What is ill, as its first batch and all of its answers show.
    fn findings(&self, examined: &Examined) -> Result<Vec<Finding>, String> {
        let number = self.batch.clamp(1, self.task.len(self.part));
        let samples: Result<Vec<_>, _> = (0..number).map(|n| self.task.sample(self.part, n)).collect();
        let answers = &examined.evaluation.answers;
        Ok(health::of(&self.settings, &self.net, &self.params, &samples?, &[], answers))
    }
}

/// The settings in the file, or those that were chosen where it has none; and the updates that made it.
fn settings(args: &Eval, file: &TensorFile) -> Result<(Settings, Option<u64>), String> {
    let source = &args.source;
    let chosen_ones = source.preset.is_some() || source.settings.is_some();
    let (mut settings, update) = if file.is_checkpoint() {
        let checkpoint = file.checkpoint()?;
        (checkpoint.settings, Some(checkpoint.update))
    } else {
        match file.made_by()? {
            Some(made) => {
                let name = format!("{}, its settings", file.name);
                let settings = Settings::from_toml_within(&name, &made.settings, memory());
                (settings.map_err(|p| sentences(&p))?, Some(made.update))
            }
            None if chosen_ones => return Ok((chosen(source)?, None)),
            None => {
                return Err(format!(
                    "{} has weights alone and does not say with which settings they were made: give them with --preset \
                     or --settings.",
                    file.name
                ));
            }
        }
    };
    if chosen_ones {
        return Err(format!(
            "{} says with which settings it was made: leave out --preset and --settings, and change single ones with \
             --set.",
            file.name
        ));
    }
    if let Some(neuron) = source.neuron {
        settings = neuron.onto(&settings);
    }
    assign(&mut settings, &source.set)?;
    Ok((settings, update))
}

/// What is told.
struct Report<'a> {
    args: &'a Eval,
    subject: &'a Subject,
    examined: &'a Examined,
    findings: &'a [Finding],
}

impl Report<'_> {
    fn classes(&self) -> usize {
        self.subject.settings.task.outputs
    }

    fn text(&self) -> String {
        let (subject, evaluation) = (self.subject, &self.examined.evaluation);
        let (settings, v) = (&subject.settings, Validation::of(evaluation));
        let made = subject.update.map_or_else(String::new, |n| format!(", after {}", count(n, "update")));
        let number = count(evaluation.answers.len() as u64, "sample");
        let (mean, least) = evaluation.first_step();
        let mut text = format!(
            "{}{made}: {}, seed {}, {}, {} loss\n{number} ({})\n\n",
            self.args.file.display(),
            settings.rule.rule.label(),
            settings.run.seed,
            network(settings),
            settings.loss.kind.key(),
            subject.part.key()
        );
        let mut numbers = Table::new(&["", ""]);
        let mut tell = |what: &str, number: String| numbers.push(vec![what.into(), number]);
        tell("accuracy by first spike", percent(v.accuracy_first, 2));
        tell("accuracy by count", percent(v.accuracy_count, 2));
        tell("samples without an answer", whole(v.unanswered as u64));
        tell("loss of a sample, mean", value(v.loss));
        tell("step of the first output spike, mean", format!("{mean:.1}"));
        tell("the earliest", least.to_string());
        text += numbers.aligned(1).trim_start();
        text += "\n\n";
        text += &self.spikes().aligned(1);
        text += &format!(
            "\n\nMeans of a sample. Necessary: up to the step of the first output spike. In the\naccuracies silence stands for class 0.\n{}\n\n",
            batch_note(settings, subject.batch)
        );
        let readout = Readout::of(&settings.loss);
        let by = match readout {
            Readout::First => "first spike",
            Readout::Count => "count",
        };
        text += &format!("Answers by {by}: rows are classes, columns are answers.\n\n");
        text + &self.confusion(readout).aligned(0) + "\n\n" + &health::line(self.findings)
    }

    fn spikes(&self) -> Table {
        let mut table = Table::new(&["spikes", "total", "necessary"]);
        let all = self.examined.layers.iter().fold([0; 2], |sum, (_, n)| [sum[0] + n[0], sum[1] + n[1]]);
        let name = |l: usize| format!("layer {} ({})", l + 1, self.subject.net.layers[l].kind);
        let layers = self.examined.layers.iter().map(|(l, spikes)| (name(*l), *spikes));
        for (name, spikes) in layers.chain([("together".to_owned(), all)]) {
            let [total, necessary] = spikes.map(|n| format!("{:.1}", self.mean(n)));
            table.push(vec![name, total, necessary]);
        }
        table
    }

    fn mean(&self, n: u64) -> f64 {
        n as f64 / self.examined.evaluation.answers.len() as f64
    }

    /// `[class][answer]`, the last column for no answer.
    fn matrix(&self, readout: Readout) -> Vec<Vec<u32>> {
        let flat = self.examined.evaluation.confusion(self.classes(), readout);
        flat.chunks(self.classes() + 1).map(<[u32]>::to_vec).collect()
    }

    fn confusion(&self, readout: Readout) -> Table {
        let answers: Vec<String> = (0..self.classes()).map(|c| c.to_string()).collect();
        let head: Vec<&str> =
            std::iter::once("class").chain(answers.iter().map(String::as_str)).chain(["none"]).collect();
        let mut table = Table::new(&head);
        for (class, row) in self.matrix(readout).into_iter().enumerate() {
            let cells = row.into_iter().map(|n| whole(n.into()));
            table.push(std::iter::once(class.to_string()).chain(cells).collect());
        }
        table
    }

    fn json(&self) -> String {
        let (subject, evaluation) = (self.subject, &self.examined.evaluation);
        let (settings, v) = (&subject.settings, Validation::of(evaluation));
        let (mean, least) = evaluation.first_step();
        let layer = |(l, [total, necessary]): &(usize, [u64; 2])| {
            json!({
                "layer": l + 1,
                "kind": subject.net.layers[*l].kind.to_string(),
                "total": self.mean(*total),
                "necessary": self.mean(*necessary),
            })
        };
        let object = json!({
            "file": self.args.file.display().to_string(),
            "update": subject.update,
            "task": settings.task.kind.key(),
            "data": settings.task.data,
            "network": subject.net.describe(),
            "loss_kind": settings.loss.kind.key(),
            "rule": settings.rule.rule.key(),
            "seed": settings.run.seed,
            "steps": settings.task.steps,
            "part": subject.part.key(),
            "samples": evaluation.answers.len(),
            "batch": subject.batch,
            "early_stop": settings.loss.kind == crate::loss::LossKind::Latency,
            "accuracy_first": v.accuracy_first,
            "accuracy_count": v.accuracy_count,
            "unanswered": v.unanswered,
            "loss": v.loss,
            "first_step_mean": mean,
            "first_step_least": least,
            "spikes_total": v.spikes,
            "spikes_necessary": v.necessary,
            "layers": self.examined.layers.iter().map(layer).collect::<Vec<_>>(),
            "confusion_first": self.matrix(Readout::First),
            "confusion_count": self.matrix(Readout::Count),
            "health": health::json(self.findings),
        });
        object.to_string()
    }
}
