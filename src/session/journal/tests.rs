use super::records::whole;
use super::*;
use crate::file::test_folder::TestFolder;
use crate::record::Log;
use crate::record::log::End;
use crate::train::Settings;

fn session(update: u64) -> Session {
    let end = Some(End { update, digest: update });
    Session { at: Some(update), ..Session::of_log(Log { end, ..Log::new(Settings::default()) }) }
}

#[test]
fn what_was_written_last_comes_back() {
    let base = TestFolder::new();
    let mut journal = Journal::create(base.path()).unwrap();
    for update in 1..5 {
        journal.write(&session(update)).unwrap();
        assert_eq!(read(journal.folder()).unwrap().unwrap(), session(update));
    }
    let long = std::fs::metadata(journal.path(1)).unwrap().len();
    journal.write(&session(4)).unwrap();
    assert!(std::fs::metadata(journal.path(1)).unwrap().len() < long + 20, "nothing was new");
    journal.begin_anew();
    journal.write(&session(9)).unwrap();
    assert_eq!(read(journal.folder()).unwrap().unwrap(), session(9));
    assert!(!journal.path(1).exists(), "the one before has gone");
    journal.clear().unwrap();
    journal.clear().unwrap();
    assert_eq!(read(journal.folder()), Ok(None), "all of it is saved elsewhere");
    journal.write(&session(10)).unwrap();
    assert_eq!(read(journal.folder()).unwrap().unwrap(), session(10));
    journal.remove();
    assert_eq!(base.entries(), 0);
}

#[test]
fn a_file_that_was_cut_off_anywhere_holds_the_last_whole_session() {
    let base = TestFolder::new();
    let mut journal = Journal::create(base.path()).unwrap();
    let mut ends = Vec::new();
    for update in 1..4 {
        journal.write(&session(update)).unwrap();
        ends.push(std::fs::metadata(journal.path(1)).unwrap().len() as usize);
    }
    let bytes = std::fs::read(journal.path(1)).unwrap();
    let opened = |bytes: &[u8]| whole(bytes).map(|mut parts| put_together("it", &mut parts).unwrap());
    for length in (0..=bytes.len()).step_by(7).chain(ends.iter().flat_map(|end| end - 1..=end + 1)) {
        let length = length.min(bytes.len());
        let last = ends.iter().filter(|end| **end <= length).count() as u64;
        assert_eq!(opened(&bytes[..length]), (last > 0).then(|| session(last)), "{length} bytes");
    }
    // a damaged byte ends it there
    for at in (0..bytes.len()).step_by(131) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x20;
        let last = ends.iter().filter(|end| **end <= at).count() as u64;
        assert_eq!(opened(&damaged), (last > 0).then(|| session(last)), "byte {at}");
    }
}

#[test]
fn a_program_that_lives_is_left_alone_and_a_dead_one_is_found() {
    let base = TestFolder::new();
    let mut journals: Vec<Journal> = (0..3).map(|_| Journal::create(base.path()).unwrap()).collect();
    for (update, journal) in (1..).zip(&mut journals) {
        journal.write(&session(update)).unwrap();
    }
    assert!(found(base.path()).is_empty(), "all of them are locked");
    // as when the system ends it: the lock is free, the files stay
    drop(journals.remove(1));
    let dead = found(base.path());
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].session().unwrap().unwrap(), session(2));
    assert!(found(base.path()).is_empty(), "whoever found it holds it");
    drop(dead);
    found(base.path()).pop().unwrap().remove();
    assert!(found(base.path()).is_empty());
    // one that wrote nothing is cleared away
    drop(Journal::create(base.path()).unwrap());
    assert_eq!((found(base.path()).len(), base.entries()), (0, 2));
}
