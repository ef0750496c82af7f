use super::super::file::Folder;
use super::super::mutation::try_many;
use super::npy::tests::npy;
use super::npz::tests::{npz, vector};
use super::*;
use crate::spike::Target;
use std::io::Cursor;

fn import() -> Import {
    Import { scale: TimeScale::Steps, steps: 100, units: None }
}

fn trains(arrays: &[(&str, Vec<u8>)], role: Role) -> Result<SpikeTrains, String> {
    SpikeTrains::from_npz("f", Cursor::new(npz(arrays, true)), role, &import())
}

fn spikes(trains: &SpikeTrains, index: usize) -> Vec<(usize, u32)> {
    trains.raster(index, 100).unwrap().iter().collect()
}

#[test]
fn dense_arrays_of_both_orders_are_the_same() {
    // two samples of three steps and two neurons
    let values = [0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0];
    let mut turned = [0; 12];
    for (i, &v) in values.iter().enumerate() {
        let (sample, step, unit) = (i / 6, i / 2 % 3, i % 2);
        turned[sample + 2 * (step + 3 * unit)] = v;
    }
    let rows = trains(&[("spikes", npy("|u1", false, "(2, 3, 2)", &values))], Role::Input).unwrap();
    let columns = trains(&[("spikes", npy("|b1", true, "(2, 3, 2)", &turned))], Role::Input).unwrap();
    assert_eq!(rows, SpikeTrains { name: "f, array spikes".into(), ..columns });
    assert_eq!((rows.len(), rows.units(), rows.last_step()), (2, 2, Some(2)));
    assert_eq!([spikes(&rows, 0), spikes(&rows, 1)], [vec![(0, 1), (2, 0), (2, 1)], vec![(1, 0)]]);
    let one = trains(&[("any", npy("|i1", false, "(2, 1)", &[0, 1]))], Role::Target).unwrap();
    assert_eq!((one.len(), spikes(&one, 0)), (1, vec![(1, 0)]));
}

#[test]
fn one_archive_may_hold_input_and_target() {
    let arrays = [
        ("input_times", vector(&[5.0, 3.0, 7.0])),
        ("input_units", vector(&[0.0, 4.0, 1.0])),
        ("input_offsets", vector(&[0.0, 2.0, 3.0])),
        ("target", npy("|u1", false, "(2, 2, 2)", &[0, 0, 0, 1, 0, 0, 0, 0])),
    ];
    let input = trains(&arrays, Role::Input).unwrap();
    let target = trains(&arrays, Role::Target).unwrap();
    assert_eq!([spikes(&input, 0), spikes(&input, 1)], [vec![(3, 4), (5, 0)], vec![(7, 1)]]);
    let pairs = Pairs::new(input.clone(), target).unwrap();
    assert_eq!((pairs.len(), pairs.classes(), pairs.input_shape()), (2, 2, vec![5]));
    assert_eq!([pairs.label(0), pairs.label(1)], [1, 0]);
    super::super::source::tests::used_memory_leaves_no_mark(&pairs, 10);
    assert_eq!(pairs.sample(0, 10).unwrap().target.spikes.iter().collect::<Vec<_>>(), [(1, 1)]);
    assert!(pairs.sample(1, 7).unwrap_err().contains("neuron 1 spikes at step 7, outside of the 7 steps"));
    let alone = trains(&[("times", vector(&[5.0])), ("units", vector(&[0.0]))], Role::Target).unwrap();
    assert!(Pairs::new(input, alone).unwrap_err().contains("every input needs a target"));
}

#[test]
fn times_fall_into_steps() {
    let scale = |dt_ms| Import { scale: TimeScale::Milliseconds { dt_ms }, ..import() };
    assert_eq!([0.0, 0.3, 0.39, 0.7].map(|t| scale(0.1).step(t).unwrap()), [0, 3, 3, 7]);
    assert_eq!(scale(2.0).step(199.9), Ok(99));
    assert_eq!(scale(2.0).step(200.0).unwrap_err(), "the time 200 ms lies outside of the 100 steps of a sample.");
    assert!(scale(1.0).step(f64::INFINITY).unwrap_err().contains("lies outside"));
    let none = SpikeTrains::from_npz("f", Cursor::new(vec![]), Role::Input, &scale(0.0));
    assert_eq!(none.unwrap_err(), "A step should have more than 0 ms, it has 0.");
}

#[test]
fn what_is_wrong_is_named_with_its_array() {
    let refusal = |arrays: &[(&str, Vec<u8>)]| trains(arrays, Role::Input).unwrap_err();
    let event = |times: &[f64], units: &[f64], offsets: &[f64]| {
        refusal(&[("times", vector(times)), ("units", vector(units)), ("offsets", vector(offsets))])
    };
    assert_eq!(event(&[1.0, f64::NAN], &[0.0, 0.0], &[]), "f, array times, entry 1: the time is not a number (NaN).");
    assert!(event(&[100.0], &[0.0], &[]).contains("array times, entry 0: the time 100 lies outside of the 100 steps"));
    assert!(event(&[1.0], &[-1.0], &[]).contains("array units, entry 0: the neuron should be a whole number from 0"));
    assert!(event(&[1.0], &[0.0, 1.0], &[]).contains("array times: it has 1 entries, but array units has 2"));
    assert!(event(&[1.0], &[0.0], &[0.0, 2.0]).contains("array offsets, entry 1: an offset should be a whole number"));
    assert!(event(&[1.0], &[0.0], &[1.0, 0.0]).contains("array offsets, entry 1: offsets should not fall"));
    assert!(event(&[1.0], &[0.0], &[0.0]).contains("array offsets: offsets should begin with 0 and end with 1"));
    assert!(event(&[], &[], &[0.0, 0.0]).contains("there is no spike in it"));
    let dense = |shape: &str, values: &[u8]| refusal(&[("input", npy("|u1", false, shape, values))]);
    assert!(dense("(4,)", &[0; 4]).contains("array input: its shape should be (time, units) or"));
    assert!(dense("(2, 0, 3)", &[]).contains("all at least 1, it is (2, 0, 3)"));
    assert!(dense("(1, 2)", &[0, 3]).contains("sample 0, step 0, neuron 1: a value should be 0 or 1, it is 3"));
    assert!(dense("(101, 1)", &[1; 101]).contains("step 100, neuron 0: the spike lies outside of the 100 steps"));
    assert!(refusal(&[("a", vector(&[])), ("b", vector(&[]))]).contains("the archive holds a, b"));
    let nan = npy("<f4", false, "(1, 1)", &f32::NAN.to_le_bytes());
    assert!(refusal(&[("input", nan)]).contains("a value should be 0 or 1, it is NaN"));
}

#[test]
fn labelled_sets_are_read() {
    let arrays = |labels: &[f64]| {
        [
            ("times", vector(&[5.0, 3.0, 7.0])),
            ("units", vector(&[0.0, 4.0, 1.0])),
            ("offsets", vector(&[0.0, 2.0, 2.0, 3.0])),
            ("labels", vector(labels)),
        ]
    };
    let read = |labels: &[f64]| LabelledTrains::from_npz("f", Cursor::new(npz(&arrays(labels), true)), &import());
    let set = read(&[2.0, 0.0, 5.0]).unwrap();
    assert_eq!((set.len(), set.classes(), set.input_shape(), set.label(2)), (3, 6, vec![5], 5));
    super::super::source::tests::used_memory_leaves_no_mark(&set, 10);
    assert!(set.sample(1, 10).unwrap().input.is_empty());
    assert_eq!(set.sample(2, 10).unwrap().target, Target { spikes: Raster::silent(6, 10), label: 5 });
    assert!(read(&[2.0]).unwrap_err().contains("array labels: there are 1 labels, but 3 samples"));
    assert!(read(&[2.0, 0.5, 1.0]).unwrap_err().contains("array labels, entry 1: a label should be a whole number"));
    let three = LabelledTrains::from_npz("f", Cursor::new(npz(&arrays(&[])[..3], true)), &import());
    assert!(three.unwrap_err().contains("labels is missing, the archive holds times, units, offsets."));
}

#[test]
fn files_are_told_by_their_names() {
    let folder = Folder::new("own");
    folder.put("a.csv", "neuron,time\n1,2\n");
    folder.put("b.NPZ", npz(&[("spikes", npy("|u1", false, "(2, 1)", &[0, 1]))], false));
    folder.put("c.csv", b"1,2\n\xff,3");
    folder.put("d.txt", "1,2");
    let open = |name: &str| SpikeTrains::open(&folder.0.join(name), Role::Input, &import(), &Progress::default());
    assert_eq!(spikes(&open("a.csv").unwrap(), 0), [(2, 1)]);
    assert_eq!(spikes(&open("b.NPZ").unwrap(), 0), [(1, 0)]);
    assert!(open("c.csv").unwrap_err().contains("c.csv, line 2: the file is not text in UTF-8 (byte 4)"));
    assert!(open("d.txt").unwrap_err().contains("neither .npz nor .csv"));
    assert!(open("e.npz").unwrap_err().starts_with("There is no file or folder"));
}

#[test]
fn reading_is_counted_and_can_be_stopped() {
    let folder = Folder::new("own-progress");
    folder.put("a.csv", "1,2\n");
    let [times, units, offsets] = [vec![5.0; 9000], vec![1.0; 9000], vec![0.0, 9000.0]].map(|v| vector(&v));
    let arrays = [("times", times), ("units", units), ("offsets", offsets), ("labels", vector(&[0.0]))];
    let archive = npz(&arrays, false);
    folder.put("b.npz", &archive);
    let path = |name: &str| folder.0.join(name);

    let progress = Progress::default();
    SpikeTrains::open(&path("a.csv"), Role::Input, &import(), &progress).unwrap();
    assert_eq!((progress.done(), progress.of()), (4, 4));
    let progress = Progress::default();
    LabelledTrains::open(&path("b.npz"), &import(), &progress).unwrap();
    assert!(progress.of() == archive.len() as u64 && progress.fraction().unwrap() > 0.9, "{progress:?}");

    progress.stop();
    for name in ["a.csv", "b.npz"] {
        assert_eq!(SpikeTrains::open(&path(name), Role::Input, &import(), &progress).unwrap_err(), "Stopped.");
    }
    assert_eq!(LabelledTrains::open(&path("b.npz"), &import(), &progress).unwrap_err(), "Stopped.");
}

#[test]
fn any_bytes_are_answered() {
    let events = [
        ("times", vector(&[5.0, 3.0])),
        ("units", vector(&[0.0, 4.0])),
        ("offsets", vector(&[0.0, 1.0, 2.0])),
        ("labels", vector(&[1.0, 0.0])),
    ];
    let dense = [("input", npy("|u1", false, "(2, 2, 1)", &[0, 1, 1, 0]))];
    let seeds = [npz(&events, false), npz(&events, true), npz(&dense, false), npz(&dense, true)];
    try_many(&seeds, |bytes| {
        let trains = SpikeTrains::from_npz("f", Cursor::new(bytes), Role::Input, &import());
        let set = LabelledTrains::from_npz("f", Cursor::new(bytes), &import());
        if let Ok(set) = &set {
            assert!(set.sample(0, 100).unwrap().input.len() <= bytes.len());
        }
        trains.map(|t| assert!((0..t.len()).all(|i| t.raster(i, 100).unwrap().len() <= bytes.len())))
    });
}
