//! The state of a task that was left, as a file: its first line says which task, how long what follows is, and the checksum of
//! that: the answer so far, then a checkpoint as everywhere in the program.

use std::io;
use std::path::Path;

use crate::file::{self, TENSOR_LIMIT, write_whole};
use crate::record::Checkpoint;

use super::kind::{KeptTask, TaskAnswer};

const FORMAT: &str = "spikescape-task-1";

/// Writes the file, whole or not at all.
pub fn write<A: TaskAnswer>(path: &Path, plan: u64, task: u32, kept: &KeptTask<A>) -> Result<(), String> {
    let failed = |what: String| format!("The state of task {task} cannot be kept: {what}.");
    let net = kept.checkpoint.settings.network().map_err(|misfit| failed(misfit.sentence))?;
    let (answer, seconds) = (kept.so_far.answer(), kept.so_far.seconds());
    let mut rest = answer.clone().into_bytes();
    rest.extend(kept.checkpoint.to_bytes(&net)?);
    let crc = crc32fast::hash(&rest);
    let first = format!("{FORMAT} {plan:016x} {task} {crc:08x} {} {:?} {seconds}\n", answer.len(), kept.seconds);
    let mut bytes = first.into_bytes();
    bytes.append(&mut rest);
    let mut written = write_whole(path, &bytes);
    if written.as_ref().is_err_and(|e| e.kind() == io::ErrorKind::NotFound) {
        // another worker, which has done the task meanwhile, took the unfinished file for one of a worker that was killed
        written = write_whole(path, &bytes);
    }
    written.map_err(|e| failed(format!("{} cannot be written: {e}", path.display())))
}

/// Reads the file. `None` where there is none, or one that is damaged or of another plan: then the task begins anew.
pub fn read<A: TaskAnswer>(path: &Path, plan: u64, task: u32) -> Option<KeptTask<A>> {
    if !path.exists() {
        return None;
    }
    let bytes = file::read(path, TENSOR_LIMIT).ok()?;
    let end = bytes.iter().position(|b| *b == b'\n')?;
    let (first, rest) = (std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]);
    let [format, of, number, crc, length, total, seconds] = first.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let said = (format, u64::from_str_radix(of, 16).ok()?, number.parse().ok()?);
    if said != (FORMAT, plan, task) || u32::from_str_radix(crc, 16).ok()? != crc32fast::hash(rest) {
        return None;
    }
    let length: usize = length.parse().ok()?;
    let answer = std::str::from_utf8(rest.get(..length)?).ok()?;
    let checkpoint = Checkpoint::from_bytes(&path.display().to_string(), &rest[length..]).ok()?;
    Some(KeptTask { so_far: A::read(answer, seconds)?, checkpoint, seconds: total.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::super::compare::{CompareAnswer, RunLook};
    use super::*;
    use crate::record::Log;
    use crate::snn::Isa;
    use crate::train::{Settings, Trainer};

    #[test]
    fn a_state_reads_back_whole_or_not_at_all() {
        let path = std::env::temp_dir().join(format!("spikescape-kept-{}", std::process::id()));
        let mut trainer = Trainer::new(Settings::default(), Isa::best());
        (0..5).for_each(|_| trainer.step().unwrap());
        let look = RunLook { after: 3, loss: 0.5, spikes: 7, scores: vec![], seconds: 0.25 };
        let so_far = CompareAnswer { looks: vec![look], seconds: 0.5, ..CompareAnswer::default() };
        let checkpoint = Checkpoint::of(&trainer.moment(), Log::new(Settings::default()));
        let kept = KeptTask { so_far, checkpoint, seconds: 0.75 };
        write(&path, 9, 17, &kept).unwrap();
        assert_eq!(read(&path, 9, 17), Some(kept));
        assert_eq!(read::<CompareAnswer>(&path, 8, 17), None, "of another plan");
        assert_eq!(read::<CompareAnswer>(&path, 9, 16), None, "of another task");
        let mut bytes = std::fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(read::<CompareAnswer>(&path, 9, 17), None, "damaged");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read::<CompareAnswer>(&path, 9, 17), None);
    }
}
