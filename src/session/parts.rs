//! A session as named parts, and back.

use std::collections::BTreeMap;

use super::manifest::{ANY_FORMAT, FORMAT, ParentEntry, RunEntry, SessionFormatKey, SessionManifest};
use super::{Session, SessionRun, curves, firsts};
use crate::file::{excerpt, utf8};
use crate::record::{Checkpoint, Log, json};

/// The part that says what the others are.
pub const MANIFEST: &str = "session.json";

/// The names of the parts of a run.
struct RunParts(u32);

impl RunParts {
    fn log(&self) -> String {
        format!("runs/{}/log.toml", self.0)
    }

    fn now(&self) -> String {
        format!("runs/{}/now.safetensors", self.0)
    }

    fn moment(&self, update: u64) -> String {
        format!("runs/{}/moments/{update:012}.safetensors", self.0)
    }

    fn curves(&self) -> String {
        format!("runs/{}/curves.safetensors", self.0)
    }

    fn firsts(&self) -> String {
        format!("runs/{}/firsts.json", self.0)
    }
}

/// A named part; a key moment that `known` says is kept already comes without its bytes.
pub type Part = (String, Option<Vec<u8>>);

/// All parts, in an order that depends on nothing but the session.
pub fn take_apart(session: &Session, known: impl Fn(&str) -> bool) -> Result<Vec<Part>, String> {
    let mut parts = vec![(MANIFEST.to_owned(), Some(manifest(session)?.into_bytes()))];
    for run in &session.runs {
        let names = RunParts(run.start);
        parts.push((names.log(), Some(run.log.to_toml().into_bytes())));
        if let Some(now) = &run.now {
            parts.push((names.now(), Some(bytes(now)?)));
        }
        for moment in &run.moments {
            let name = names.moment(moment.update);
            let content = if known(&name) { None } else { Some(bytes(moment)?) };
            parts.push((name, content));
        }
        parts.push((names.curves(), Some(curves::to_bytes(&run.curves)?)));
        parts.push((names.firsts(), Some(firsts::to_json(&run.firsts)?)));
    }
    Ok(parts)
}

fn bytes(checkpoint: &Checkpoint) -> Result<Vec<u8>, String> {
    let net = checkpoint.settings.network().map_err(|e| format!("The session cannot be made: {}.", e.sentence))?;
    checkpoint.to_bytes(&net)
}

fn manifest(session: &Session) -> Result<String, String> {
    let runs = session.runs.iter().map(|run| RunEntry {
        start: run.start,
        parent: run.parent.map(|(run, update)| ParentEntry { run, update }),
        now: run.now.is_some(),
        moments: run.moments.iter().map(|moment| moment.update).collect(),
        data: run.data.clone(),
    });
    let manifest = SessionManifest {
        format: FORMAT.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        current: session.current,
        at: session.at,
        runs: runs.collect(),
        pins: session.pins.clone(),
        window: session.window.clone(),
    };
    serde_json::to_string_pretty(&manifest).map_err(|e| format!("The session cannot be made: {e}."))
}

/// The session that parts make; `name` is what messages call the file.
pub fn put_together(name: &str, parts: &mut BTreeMap<String, Vec<u8>>) -> Result<Session, String> {
    let mut reader = PartReader { name, parts };
    let manifest = reader.manifest()?;
    let mut runs = Vec::with_capacity(manifest.runs.len());
    for entry in manifest.runs {
        if runs.last().is_some_and(|before: &SessionRun| before.start >= entry.start) || entry.start == 0 {
            return Err(reader.damaged("its runs are not in the order of their numbers from 1"));
        }
        runs.push(reader.run(entry)?);
    }
    let SessionManifest { current, at, pins, window, .. } = manifest;
    if runs.iter().all(|run| run.start != current) {
        return Err(reader.damaged(&format!("run {current}, which it shows, is not one of its runs")));
    }
    Ok(Session { runs, current, at, pins, window })
}

struct PartReader<'a> {
    name: &'a str,
    parts: &'a mut BTreeMap<String, Vec<u8>>,
}

impl PartReader<'_> {
    fn damaged(&self, what: &str) -> String {
        format!("{} is not a whole session of Spikescape: {what}. Use a whole copy.", self.name)
    }

    fn take(&mut self, part: &str) -> Result<Vec<u8>, String> {
        self.parts.remove(part).ok_or_else(|| self.damaged(&format!("it has no {part}")))
    }

    fn called(&self, part: &str) -> String {
        format!("{}, its {part}", self.name)
    }

    fn manifest(&mut self) -> Result<SessionManifest, String> {
        let bytes = self.take(MANIFEST)?;
        let text = utf8(&self.called(MANIFEST), bytes)?;
        let wrong = |what: String| self.damaged(&format!("{MANIFEST}: {what}"));
        match json::parse::<SessionFormatKey>(&text).map_err(wrong)?.format.as_deref() {
            Some(FORMAT) => json::parse(&text).map_err(wrong),
            Some(other) if other.starts_with(ANY_FORMAT) => Err(format!(
                "The format of {} is \"{}\", and this version of Spikescape reads \"{FORMAT}\". A newer version may read \
                 it.",
                self.name,
                excerpt(other, 60)
            )),
            _ => Err(wrong(format!("it does not begin with the format \"{FORMAT}\""))),
        }
    }

    fn run(&mut self, entry: RunEntry) -> Result<SessionRun, String> {
        let names = RunParts(entry.start);
        let log = self.log(&names.log())?;
        let now = if entry.now { Some(self.checkpoint(&names.now())?) } else { None };
        if now.as_ref().is_some_and(|now| now.log != log) {
            return Err(self.damaged(&format!("{} and {} tell of different runs", names.log(), names.now())));
        }
        let mut moments: Vec<Checkpoint> = Vec::with_capacity(entry.moments.len());
        for update in entry.moments {
            let moment = self.checkpoint(&names.moment(update))?;
            if moment.update != update || moments.last().is_some_and(|before| before.update >= update) {
                return Err(self.damaged(&format!("{} is not the moment that it is named", names.moment(update))));
            }
            if moment.log.start != log.start || log.end.is_some_and(|end| end.update < update) {
                return Err(self.damaged(&format!("{} is not a moment of its run", names.moment(update))));
            }
            moments.push(moment);
        }
        let curves = self.take(&names.curves())?;
        let curves = curves::from_bytes(&curves).map_err(|e| self.damaged(&format!("{}: {e}", names.curves())))?;
        let firsts = self.take(&names.firsts())?;
        let firsts = firsts::from_json(&firsts).map_err(|e| self.damaged(&format!("{}: {e}", names.firsts())))?;
        let parent = entry.parent.map(|parent| (parent.run, parent.update));
        Ok(SessionRun { start: entry.start, parent, log, now, moments, firsts, curves, data: entry.data })
    }

    fn log(&mut self, part: &str) -> Result<Log, String> {
        let text = self.take(part)?;
        let text = utf8(&self.called(part), text)?;
        Log::from_toml(&self.called(part), &text)
            .map_err(|problems| problems.first().map_or_else(String::new, ToString::to_string))
    }

    fn checkpoint(&mut self, part: &str) -> Result<Checkpoint, String> {
        let bytes = self.take(part)?;
        Checkpoint::from_bytes(&self.called(part), &bytes)
    }
}
