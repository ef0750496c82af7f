//! A plan: every task of a sweep, in a file with a digest.
//!
//! Tasks are not listed one by one but as the axes of their grid, so that a plan of a million tasks is as short as one of ten;
//! which settings belong to which task is arithmetic of ours ([`SweepRuns`](super::SweepRuns)) and of nobody's shell.

use serde::{Deserialize, Serialize};

use crate::train::settings::toml_write::PROGRAM;

use super::compare::CompareAsk;
use super::landscape::{LandscapeAsk, LandscapeScene};
use super::serial;
use super::table::TableAsk;
use super::train::TrainAsk;

/// The first words of a plan.
const FORMAT: &str = "spikescape plan 1";

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum SweepKind {
    /// Runs compared.
    Compare(CompareAsk),
    /// Whole trainings, each with its files.
    Train(TrainAsk),
    /// The three rules compared on landscapes of several seeds.
    Table(Box<TableAsk>),
    /// One landscape, point by point. What its points have in common lies in a file beside the plan.
    Landscape {
        ask: LandscapeAsk,
        /// Digest of that file.
        #[serde(with = "serial::digest")]
        scene: u64,
    },
}

impl SweepKind {
    /// The word for it on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Compare(_) => "compare",
            Self::Train(_) => "train",
            Self::Table(_) => "landscape --table",
            Self::Landscape { .. } => "landscape",
        }
    }

    /// How many tasks there are.
    pub fn tasks(&self) -> u32 {
        match self {
            Self::Compare(ask) => ask.runs.tasks(),
            Self::Train(ask) => ask.runs.tasks(),
            Self::Table(ask) => ask.seeds.len() as u32,
            Self::Landscape { ask, .. } if ask.cut => ask.points as u32,
            Self::Landscape { ask, .. } => ask.grid().len() as u32,
        }
    }

    /// Whether there is at least one of everything: true of whatever was written as a plan.
    fn is_sound(&self) -> bool {
        let runs = |runs: &super::SweepRuns| !runs.bases.is_empty() && runs.vary.iter().all(|v| !v.values.is_empty());
        match self {
            Self::Compare(ask) => runs(&ask.runs) && !ask.looks.after().is_empty(),
            Self::Train(ask) => runs(&ask.runs),
            Self::Table(ask) => !ask.seeds.is_empty() && ask.landscapes() > 0 && ask.points > 0,
            Self::Landscape { ask, .. } => ask.points > 0 && !ask.range.is_empty(),
        }
    }
}

/// What stands in the file after its first line.
#[derive(Serialize, Deserialize)]
struct PlanBody {
    program: String,
    tasks: u32,
    /// Bytes that a task under way takes, data aside.
    memory: u64,
    #[serde(flatten)]
    kind: SweepKind,
}

/// A plan and its file.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepPlan {
    pub kind: SweepKind,
    /// Of everything in the file: records say which plan they are of.
    pub digest: u64,
    /// Bytes that a task under way takes, data aside.
    pub memory: u64,
    text: String,
}

impl SweepPlan {
    /// # Errors
    /// A sentence, where JSON cannot express it.
    pub fn new(kind: SweepKind, memory: u64) -> Result<Self, String> {
        let body = PlanBody { program: PROGRAM.into(), tasks: kind.tasks(), memory, kind };
        let json = serde_json::to_string_pretty(&body).map_err(|e| format!("The plan cannot be written: {e}."))?;
        // the digest stands on a line of its own, so that it can be taken of all the others as they are
        let rest = json.strip_prefix("{\n").unwrap_or(&json).to_owned() + "\n";
        let digest = digest(rest.as_bytes());
        let text = format!("{{ \"format\": \"{FORMAT}\", \"digest\": \"{digest:016x}\",\n{rest}");
        Ok(Self { kind: body.kind, digest, memory, text })
    }

    /// The file.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn tasks(&self) -> u32 {
        self.kind.tasks()
    }

    /// Reads a plan; `name` is what messages call the file.
    pub fn read(name: &str, text: String) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
            #[serde(with = "serial::digest")]
            digest: u64,
        }
        let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
        let head = first.trim_end().strip_suffix(',').map(|head| format!("{head}}}"));
        let head: Option<Head> = head.and_then(|head| serde_json::from_str(&head).ok());
        let Some(Head { format, digest: said }) = head else {
            return Err(format!("{name} is not a plan: a plan begins with \"format\": \"{FORMAT}\" and its digest."));
        };
        if format != FORMAT {
            return Err(format!(
                "The format of {name} is \"{format}\", and this version of Spikescape reads \"{FORMAT}\". Use the version \
                 that made the plan."
            ));
        }
        let found = digest(rest.as_bytes());
        if found != said {
            return Err(format!(
                "{name} was cut off or changed by hand: its digest is {found:016x}, and it says {said:016x}. Use a whole \
                 copy, or make the plan anew with `spikescape plan`."
            ));
        }
        let wrong = |what: String| format!("{name} cannot be read: {what}. Use the version that made the plan.");
        let body: PlanBody = serde_json::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        if body.tasks != body.kind.tasks() || !body.kind.is_sound() {
            return Err(wrong(format!("it has {} tasks, and says {}", body.kind.tasks(), body.tasks)));
        }
        Ok(Self { kind: body.kind, digest: said, memory: body.memory, text })
    }

    /// Checks the file of a landscape's scene against the plan, and reads it; `name` is what messages call it.
    pub fn scene(&self, name: &str, bytes: &[u8]) -> Result<LandscapeScene, String> {
        let SweepKind::Landscape { scene, .. } = &self.kind else {
            return Err(format!("{name} is the scene of a landscape, and this is no plan of one."));
        };
        let found = digest(bytes);
        if found != *scene {
            return Err(format!(
                "{name} is not the scene that the plan was made with: its digest is {found:016x}, and the plan says \
                 {scene:016x}. Copy both files of the plan together."
            ));
        }
        LandscapeScene::from_bytes(name, bytes)
    }
}

/// FNV-1a of 64 bits, as everywhere in the program.
pub fn digest(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::super::compare::RunLooks;
    use super::super::runs::{NamedSettings, SweepRuns};
    use super::super::train::RunLength;
    use super::*;
    use crate::landscape::{LossSamples, PlaneKind};
    use crate::rule::Rule;
    use crate::task::Split;
    use crate::train::Settings;

    fn runs(seeds: std::ops::Range<u64>) -> SweepRuns {
        let base = NamedSettings { name: "a.toml".into(), settings: Settings::default() };
        SweepRuns { bases: vec![base], vary: vec![], rules: Rule::ALL.to_vec(), seeds: seeds.collect() }
    }

    fn kinds() -> Vec<SweepKind> {
        let looks = RunLooks::Epochs { after: vec![1, 2], splits: vec![Split::Test] };
        let over = LossSamples::Set { part: Split::Validation, most: 5 };
        let ask = LandscapeAsk {
            plane: PlaneKind::Moments { from: 3, to: 9 },
            centre: None,
            directions: 4,
            points: 11,
            range: vec![0.1],
            cut: false,
            over,
            fields: true,
            log: true,
        };
        vec![
            SweepKind::Compare(CompareAsk { runs: runs(0..1000), looks, curves: Some(5), network: "50-50-5".into() }),
            SweepKind::Train(TrainAsk { runs: runs(3..4), length: RunLength::Epochs(3), curves: None }),
            SweepKind::Table(Box::new(TableAsk {
                settings: Settings::default(),
                seeds: vec![1, 2],
                updates: vec![0, 10],
                ranges: vec![1.0, 0.1],
                points: 9,
                over,
                network: "50-50-5".into(),
            })),
            SweepKind::Landscape { ask, scene: 77 },
        ]
    }

    #[test]
    fn plans_read_back_as_they_were() {
        for kind in kinds() {
            let plan = SweepPlan::new(kind, 1234).unwrap();
            assert_eq!(SweepPlan::read("p", plan.text().to_owned()), Ok(plan.clone()));
            // every JSON reader reads it
            let json: serde_json::Value = serde_json::from_str(plan.text()).unwrap();
            assert_eq!(json["tasks"].as_u64(), Some(u64::from(plan.tasks())));
            assert_eq!(json["digest"].as_str(), Some(format!("{:016x}", plan.digest).as_str()));
        }
    }

    #[test]
    fn a_plan_that_was_changed_is_refused() {
        let plan = SweepPlan::new(kinds().remove(0), 0).unwrap();
        for (from, to, part) in [
            ("0-999", "0-998", "changed by hand"),
            ("plan 1", "plan 2", "Use the version that made the plan"),
            ("spikescape plan", "another thing", "Use the version"),
            ("{ \"format\"", "{ \"form\"", "is not a plan"),
        ] {
            let problem = SweepPlan::read("p.json", plan.text().replace(from, to)).unwrap_err();
            assert!(problem.contains(part) && problem.contains("p.json"), "{problem}");
        }
        assert!(SweepPlan::read("p", plan.text()[..400].to_owned()).unwrap_err().contains("cut off"));
        assert!(SweepPlan::read("p", String::new()).unwrap_err().contains("is not a plan"));
    }

    #[test]
    fn a_million_tasks_are_a_short_file() {
        let mut ask = runs(0..333_333);
        ask.vary = vec![];
        let looks = RunLooks::Updates(vec![300]);
        let kind = SweepKind::Compare(CompareAsk { runs: ask, looks, curves: None, network: String::new() });
        let plan = SweepPlan::new(kind, 0).unwrap();
        assert_eq!(plan.tasks(), 999_999);
        assert!(plan.text().len() < 20_000, "{}", plan.text().len());
    }
}
