use super::super::mutation::try_many;
use super::super::seed::Purpose;
use super::super::{Source, Split, Task, TaskKind, TaskSettings};
use super::npy::tests::npy;
use super::npz::tests::{npz, vector};
use super::*;
use crate::file::test_folder::TestFolder;
use crate::file::{Progress, ReadError};
use crate::spike::{Raster, Target};
use std::io::Cursor;

fn import() -> Import {
    Import { scale: TimeScale::Steps, steps: 100, units: None, most_entries: 1000 }
}

fn trains(arrays: &[(&str, Vec<u8>)], role: TrainsRole) -> Result<SpikeTrains, String> {
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
    let rows = trains(&[("spikes", npy("|u1", false, "(2, 3, 2)", &values))], TrainsRole::Input).unwrap();
    let columns = trains(&[("spikes", npy("|b1", true, "(2, 3, 2)", &turned))], TrainsRole::Input).unwrap();
    assert_eq!(rows, columns);
    assert_eq!((rows.len(), rows.units()), (2, 2));
    assert_eq!([spikes(&rows, 0), spikes(&rows, 1)], [vec![(0, 1), (2, 0), (2, 1)], vec![(1, 0)]]);
    let one = trains(&[("any", npy("|i1", false, "(2, 1)", &[0, 1]))], TrainsRole::Target).unwrap();
    assert_eq!((one.len(), spikes(&one, 0)), (1, vec![(1, 0)]));
}

#[test]
fn dense_arrays_are_read_up_to_the_limit() {
    // three spikes in two samples
    let shape = "(2, 2, 1)";
    for fortran in [false, true] {
        let bytes = npz(&[("a", npy("|u1", fortran, shape, &[1, 1, 0, 1]))], true);
        let read = |most_entries| {
            let import = Import { most_entries, ..import() };
            SpikeTrains::from_npz("f", Cursor::new(&bytes), TrainsRole::Input, &import)
        };
        assert_eq!(read(5).map(|t| t.len()), Ok(2), "{fortran}");
        let said = read(3).unwrap_err();
        assert!(said.contains("step") && said.contains("there are more than 3 spikes and samples"), "{said}");
    }
    // each sample takes memory, also where nothing spikes
    let silent = npy("|b1", false, "(1001, 1, 1)", &[0; 1001]);
    let said = trains(&[("a", silent)], TrainsRole::Input).unwrap_err();
    assert!(said.starts_with("f, array a: there are more than 1000 spikes and samples"), "{said}");
    assert_eq!([most_entries(1 << 30), most_entries(u64::MAX)], [1 << 25, 1 << 28]);
}

#[test]
fn large_dense_arrays_keep_the_order_of_steps_and_neurons() {
    let (samples, time, units) = (7, 11, 5);
    let value = |s: usize, t: usize, u: usize| u8::from((s * 31 + t * 17 + u * 13) % 7 < 2);
    let (mut rows, mut columns) = (Vec::new(), vec![0; samples * time * units]);
    for s in 0..samples {
        for t in 0..time {
            for u in 0..units {
                rows.push(value(s, t, u));
                columns[s + samples * (t + time * u)] = value(s, t, u);
            }
        }
    }
    let [rows, columns] = [(false, rows), (true, columns)].map(|(fortran, values)| {
        trains(&[("a", npy("|u1", fortran, "(7, 11, 5)", &values))], TrainsRole::Input).unwrap()
    });
    assert_eq!(rows, columns);
    for s in 0..samples {
        let steps = (0..time).flat_map(|t| (0..units).map(move |u| (t, u)));
        let wanted: Vec<_> = steps.filter(|&(t, u)| value(s, t, u) == 1).map(|(t, u)| (t, u as u32)).collect();
        assert_eq!(spikes(&rows, s), wanted, "sample {s}");
    }
}

#[test]
fn one_archive_may_hold_input_and_target() {
    let arrays = [
        ("input_times", vector(&[5.0, 3.0, 7.0])),
        ("input_units", vector(&[0.0, 4.0, 1.0])),
        ("input_offsets", vector(&[0.0, 2.0, 3.0])),
        ("target", npy("|u1", false, "(2, 2, 2)", &[0, 0, 0, 1, 0, 0, 0, 0])),
    ];
    let input = trains(&arrays, TrainsRole::Input).unwrap();
    let target = trains(&arrays, TrainsRole::Target).unwrap();
    assert_eq!([spikes(&input, 0), spikes(&input, 1)], [vec![(3, 4), (5, 0)], vec![(7, 1)]]);
    let pairs = TrainPairs::new(input.clone(), target).unwrap();
    assert_eq!((pairs.len(), pairs.classes(), pairs.input_shape()), (2, 2, vec![5]));
    assert_eq!([pairs.label(0), pairs.label(1)], [1, 0]);
    super::super::source::tests::used_memory_leaves_no_mark(&pairs, 10);
    assert_eq!(pairs.sample(0, 10).unwrap().target.spikes.iter().collect::<Vec<_>>(), [(1, 1)]);
    assert!(pairs.sample(1, 7).unwrap_err().contains("neuron 1 spikes at step 7, outside the 7 steps"));
    let alone = trains(&[("times", vector(&[5.0])), ("units", vector(&[0.0]))], TrainsRole::Target).unwrap();
    assert!(TrainPairs::new(input, alone).unwrap_err().contains("every input needs a target"));
}

#[test]
fn times_fall_into_steps() {
    let scale = |dt_ms| Import { scale: TimeScale::Milliseconds { dt_ms }, ..import() };
    assert_eq!([0.0, 0.3, 0.39, 0.7].map(|t| scale(0.1).step(t).unwrap()), [0, 3, 3, 7]);
    assert_eq!(scale(2.0).step(199.9), Ok(99));
    assert_eq!(scale(2.0).step(200.0).unwrap_err(), "the time 200 ms lies outside the 100 steps of a sample.");
    assert!(scale(1.0).step(f64::INFINITY).unwrap_err().contains("lies outside"));
    let none = SpikeTrains::from_npz("f", Cursor::new(vec![]), TrainsRole::Input, &scale(0.0));
    assert_eq!(none.unwrap_err(), "A step should take more than 0 ms, but it takes 0.");
}

#[test]
fn what_is_wrong_is_named_with_its_array() {
    let refusal = |arrays: &[(&str, Vec<u8>)]| trains(arrays, TrainsRole::Input).unwrap_err();
    let event = |times: &[f64], units: &[f64], offsets: &[f64]| {
        refusal(&[("times", vector(times)), ("units", vector(units)), ("offsets", vector(offsets))])
    };
    assert_eq!(event(&[1.0, f64::NAN], &[0.0, 0.0], &[]), "f, array times, entry 1: the time is not a number (NaN).");
    assert!(event(&[100.0], &[0.0], &[]).contains("array times, entry 0: the time 100 lies outside the 100 steps"));
    assert!(event(&[1.0], &[-1.0], &[]).contains("array units, entry 0: the neuron should be a whole number from 0"));
    assert!(event(&[1.0], &[0.0, 1.0], &[]).contains("array times: it has 1 entries, but array units has 2"));
    assert!(event(&[1.0], &[0.0], &[0.0, 2.0]).contains("array offsets, entry 1: an offset should be a whole number"));
    assert!(event(&[1.0], &[0.0], &[1.0, 0.0]).contains("array offsets, entry 1: offsets should not fall"));
    assert!(event(&[1.0], &[0.0], &[0.0]).contains("array offsets: offsets should begin with 0 and end with 1"));
    assert!(event(&[], &[], &[0.0, 0.0]).contains("there is no spike in it"));
    let dense = |shape: &str, values: &[u8]| refusal(&[("input", npy("|u1", false, shape, values))]);
    assert!(dense("(4,)", &[0; 4]).contains("array input: its shape should be (time, units) or"));
    assert!(dense("(2, 0, 3)", &[]).contains("all at least 1, but it is (2, 0, 3)"));
    assert!(dense("(1, 2)", &[0, 3]).contains("sample 0, step 0, neuron 1: a value should be 0 or 1, but it is 3"));
    assert!(dense("(101, 1)", &[1; 101]).contains("step 100, neuron 0: the spike lies outside the 100 steps"));
    assert!(refusal(&[("a", vector(&[])), ("b", vector(&[]))]).contains("the archive holds a, b"));
    let nan = npy("<f4", false, "(1, 1)", &f32::NAN.to_le_bytes());
    assert!(refusal(&[("input", nan)]).contains("a value should be 0 or 1, but it is NaN"));
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

/// A task of `number` labelled samples.
fn labelled_task(number: usize, seed: u64, change: impl Fn(&mut TaskSettings)) -> Result<Task, String> {
    let folder = TestFolder::new();
    let counted = |end: usize| vector(&(0..end).map(|n| n as f64).collect::<Vec<_>>());
    let classes: Vec<f64> = (0..number).map(|n| (n % 3) as f64).collect();
    let times = vector(&vec![0.0; number]);
    let offsets = counted(number + 1);
    let arrays = [("times", times.clone()), ("units", times), ("offsets", offsets), ("labels", vector(&classes))];
    folder.put("a.npz", npz(&arrays, false));
    let mut settings = TaskSettings { kind: TaskKind::Own, ..TaskSettings::default() };
    settings.data = folder.join("a.npz").display().to_string();
    change(&mut settings);
    Ok(crate::task::open(&settings, seed, &Progress::default())?)
}

fn origins(task: &Task, split: Split) -> Vec<usize> {
    (0..task.len(split)).map(|i| task.set(split).origin(i)).collect()
}

#[test]
fn a_labelled_set_is_split_without_overlap_and_test_samples_count_apart() {
    let task = labelled_task(60, 3, |_| {}).unwrap();
    assert_eq!(Split::ALL.map(|split| task.len(split)), [42, 8, 10]);
    let mut all = Split::ALL.map(|split| origins(&task, split)).concat();
    all.sort_unstable();
    assert_eq!(all, (0..60).collect::<Vec<_>>());

    // the limit is for training and validation together, as the settings say
    let few = labelled_task(60, 3, |s| (s.train_samples, s.test_samples) = (12, 30)).unwrap();
    assert_eq!(Split::ALL.map(|split| few.len(split)), [10, 2, 30]);
    let most = labelled_task(60, 3, |s| s.train_samples = 500).unwrap();
    assert_eq!(Split::ALL.map(|split| origins(&most, split)), Split::ALL.map(|split| origins(&task, split)));

    let none = labelled_task(60, 3, |s| s.test_samples = 60).unwrap_err();
    assert!(none.contains("60 samples; 60 for the test and 0 for validation leave none to learn from"), "{none}");
}

#[test]
fn validation_samples_of_one_seed_are_not_those_of_the_next() {
    // the stream that chooses samples for the test must not choose those for validation of another seed
    let chosen = |seed, purpose| {
        let set = labelled_task(60, 0, |s| (s.test_samples, s.validation_auto) = (0, false)).unwrap();
        let (_, split) = set.set(Split::Train).clone().split(9, seed, purpose);
        (0..split.len()).map(|i| split.origin(i)).collect::<Vec<_>>()
    };
    assert_ne!(chosen(3, Purpose::OwnValidation), chosen(4, Purpose::Split));
    assert_ne!(chosen(3, Purpose::OwnValidation), chosen(3, Purpose::Split));
    let validation = |seed| origins(&labelled_task(60, seed, |_| {}).unwrap(), Split::Validation);
    assert_eq!(validation(3), validation(3));
    assert_ne!(validation(3), validation(4));
}

#[test]
fn files_are_told_by_their_names() {
    let folder = TestFolder::new();
    folder.put("a.csv", "neuron,time\n1,2\n");
    folder.put("b.NPZ", npz(&[("spikes", npy("|u1", false, "(2, 1)", &[0, 1]))], false));
    folder.put("c.csv", b"1,2\n\xff,3");
    folder.put("d.txt", "1,2");
    let open = |name: &str| {
        SpikeTrains::open(&folder.join(name), TrainsRole::Input, &import(), &Progress::default()).map_err(String::from)
    };
    assert_eq!(spikes(&open("a.csv").unwrap(), 0), [(2, 1)]);
    assert_eq!(spikes(&open("b.NPZ").unwrap(), 0), [(1, 0)]);
    assert!(open("c.csv").unwrap_err().contains("c.csv, line 2: the file is not text in UTF-8 (byte 4)"));
    assert!(open("d.txt").unwrap_err().contains("neither .npz nor .csv"));
    assert!(open("e.npz").unwrap_err().starts_with("There is no file or folder"));
}

#[test]
fn reading_is_counted_and_can_be_stopped() {
    let folder = TestFolder::new();
    folder.put("a.csv", "1,2\n");
    let [times, units, offsets] = [vec![5.0; 9000], vec![1.0; 9000], vec![0.0, 9000.0]].map(|v| vector(&v));
    let arrays = [("times", times), ("units", units), ("offsets", offsets), ("labels", vector(&[0.0]))];
    let archive = npz(&arrays, false);
    folder.put("b.npz", &archive);
    let path = |name: &str| folder.join(name);

    let progress = Progress::default();
    SpikeTrains::open(&path("a.csv"), TrainsRole::Input, &import(), &progress).unwrap();
    assert_eq!((progress.done(), progress.of()), (4, 4));
    let progress = Progress::default();
    LabelledTrains::open(&path("b.npz"), &Import { most_entries: 20_000, ..import() }, &progress).unwrap();
    assert!(progress.of() == archive.len() as u64 && progress.fraction().unwrap() > 0.9, "{progress:?}");

    progress.stop();
    for name in ["a.csv", "b.npz"] {
        assert_eq!(
            SpikeTrains::open(&path(name), TrainsRole::Input, &import(), &progress).unwrap_err(),
            ReadError::Stopped
        );
    }
    assert_eq!(LabelledTrains::open(&path("b.npz"), &import(), &progress).unwrap_err(), ReadError::Stopped);
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
        let trains = SpikeTrains::from_npz("f", Cursor::new(bytes), TrainsRole::Input, &import());
        let set = LabelledTrains::from_npz("f", Cursor::new(bytes), &import());
        if let Ok(set) = &set {
            assert!(set.sample(0, 100).unwrap().input.len() <= bytes.len());
        }
        trains.map(|t| assert!((0..t.len()).all(|i| t.raster(i, 100).unwrap().len() <= bytes.len())))
    });
}

#[test]
fn an_array_whose_time_stands_elsewhere_is_refused_with_the_choice() {
    let refusal = |shape: &str, bytes: usize| {
        trains(&[("a", npy("|b1", false, shape, &vec![0; bytes]))], TrainsRole::Input).unwrap_err()
    };
    let time_first = refusal("(100, 4, 2)", 800);
    assert!(time_first.contains("is it [time, sample, neuron]? Then save array.swapaxes(0, 1)"), "{time_first}");
    assert!(time_first.ends_with("If it is as it should be, set task.steps to 4."), "{time_first}");
    assert!(refusal("(3, 100)", 300).contains("is it [neuron, time]? Then save array.T"));
    assert!(refusal("(4, 3, 100)", 1200).contains("is it [sample, neuron, time]? Then save array.swapaxes(1, 2)"));
    let right = trains(&[("a", npy("|b1", false, "(100, 100, 2)", &vec![1; 20_000]))], TrainsRole::Input);
    assert!(
        right.unwrap_err().contains("more than 1000 spikes"),
        "a hundred samples of a hundred steps are no mistake"
    );
}

#[test]
fn inputs_and_targets_may_be_in_one_archive_that_is_named_once() {
    use crate::task::{Split, TaskKind, TaskSettings, open};

    let folder = TestFolder::new();
    let array = |step: usize| npy("|u1", false, "(10, 1)", &(0..10).map(|t| u8::from(t == step)).collect::<Vec<_>>());
    folder.put("both.npz", npz(&[("input", array(2)), ("target", array(7))], true));
    let data = folder.join("both.npz").display().to_string();
    let settings = TaskSettings { kind: TaskKind::Own, data, steps: 10, ..TaskSettings::default() };
    let task = open(&settings, 0, &Progress::default()).unwrap();
    let sample = task.sample(Split::Train, 0).unwrap();
    assert!(!task.labelled);
    assert_eq!(sample.input.iter().collect::<Vec<_>>(), [(2, 0)]);
    assert_eq!(sample.target.spikes.iter().collect::<Vec<_>>(), [(7, 0)]);
}
