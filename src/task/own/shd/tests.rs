use super::super::super::mutation::try_many;
use super::*;
use crate::file::test_folder::TestFolder;
use crate::task::Source;

/// Files that h5py and PyTables wrote (`tests/python/make_shd.py`).
fn made(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/shd").join(name)
}

const FILES: [&str; 4] = ["float16.h5", "float32-gzip.h5", "float64-chunks.h5", "pytables.h5"];

fn import(steps: usize, dt_ms: f64) -> Import {
    Import { scale: TimeScale::Milliseconds { dt_ms }, steps, units: None, most_entries: usize::MAX }
}

fn of_bytes(bytes: &[u8], import: &Import) -> Result<LabelledTrains, ReadError> {
    let file = Hdf5File::from_vec_with_options(bytes.to_vec(), options()).map_err(|e| not_hdf5("f", &e))?;
    read("f", &file, import, &Progress::default())
}

#[test]
fn files_of_h5py_and_pytables_are_read_as_they_read_them() {
    // spikes of each sample, the sum of all steps and neurons, and neurons, as h5py says (100 steps of 14 ms)
    let wanted = [
        ([13, 0, 12, 11, 11, 15], 27077, 699),
        ([10, 0, 7, 14, 16, 12], 25928, 687),
        ([9, 0, 8, 12, 11, 7], 19048, 682),
        ([19, 19, 8, 18, 15, 9], 35642, 698),
    ];
    for (name, (counts, sum, units)) in FILES.into_iter().zip(wanted) {
        let progress = Progress::default();
        let set = open(&made(name), &import(100, 14.0), &progress).unwrap();
        assert_eq!((set.len(), set.classes(), set.input_shape()), (6, 16, vec![units]), "{name}");
        assert_eq!((0..6).map(|i| set.label(i)).collect::<Vec<_>>(), [0, 7, 14, 1, 8, 15]);
        let rasters: Vec<_> = (0..6).map(|i| set.trains().raster(i, 100).unwrap()).collect();
        assert_eq!(rasters.iter().map(|r| r.len()).collect::<Vec<_>>(), counts, "{name}");
        let total: usize = rasters.iter().flat_map(|r| r.iter()).map(|(step, unit)| step + unit as usize).sum();
        assert_eq!(total, sum, "{name}");
        assert!(progress.done() > 0 && progress.done() <= progress.of());
    }
    let set = open(&made(FILES[0]), &import(100, 14.0), &Progress::default()).unwrap();
    let first: Vec<_> = set.trains().raster(0, 100).unwrap().iter().take(3).collect();
    assert_eq!(first, [(1, 380), (3, 391), (6, 654)]);
}

#[test]
fn a_set_longer_than_the_steps_says_which_would_hold_it() {
    let message = open(&made(FILES[0]), &import(100, 1.0), &Progress::default()).unwrap_err().to_string();
    assert!(
        message.ends_with(
            "the last spike is at 1295 ms, and the 100 steps of a sample end at 100 ms. Choose longer steps \
             (task.dt_ms = 13) or more of them (task.steps = 1295)."
        ),
        "{message}"
    );
    assert!(open(&made(FILES[0]), &import(100, 13.0), &Progress::default()).is_ok());
    assert!(open(&made(FILES[0]), &import(1295, 1.0), &Progress::default()).is_ok());
}

#[test]
fn test_samples_lie_next_to_those_for_training() {
    let folder = TestFolder::new();
    for name in ["shd_train.h5", "shd_test.h5", "ssc_train.h5", "other.h5"] {
        folder.put(name, "");
    }
    let next = |name: &str| test_file(&folder.join(name));
    assert_eq!(next("shd_train.h5"), Some(folder.join("shd_test.h5")));
    assert_eq!([next("ssc_train.h5"), next("other.h5"), next("shd_test.h5")], [None, None, None]);

    let read = |name| open(&made(name), &import(100, 14.0), &Progress::default()).unwrap();
    let (mut train, mut test) = (read(FILES[1]), read(FILES[0]));
    join(&mut train, &mut test);
    assert_eq!((train.input_shape(), test.input_shape()), (vec![699], vec![699]));
    super::super::super::source::tests::used_memory_leaves_no_mark(&train, 100);
}

#[test]
fn what_is_not_such_a_set_is_answered_with_what_to_do() {
    let folder = TestFolder::new();
    folder.put("a.h5", b"\x1f\x8b not HDF5");
    let message = open(&folder.join("a.h5"), &import(100, 14.0), &Progress::default()).unwrap_err().to_string();
    assert!(message.contains("a.h5 is not an HDF5 file") && message.ends_with("unpack it first."), "{message}");
    let mut bytes = std::fs::read(made(FILES[0])).unwrap();
    let at = bytes.windows(7).position(|w| w == b"labels\0").unwrap();
    bytes[at] = b'x';
    let message = of_bytes(&bytes, &import(100, 14.0)).unwrap_err().to_string();
    assert!(message.starts_with("f: labels cannot be found") && message.contains("README"), "{message}");
    let stopped = Progress::default();
    stopped.stop();
    assert_eq!(open(&made(FILES[0]), &import(100, 14.0), &stopped).unwrap_err(), ReadError::Stopped);
}

#[test]
fn numbers_of_every_sort_and_order_are_read() {
    use ByteOrder::{BigEndian, LittleEndian};
    let value = |sort, order, bytes: &[u8]| FileNumber { sort, order }.value(bytes);
    assert_eq!(value(Sort::Float(2), LittleEndian, &0x3555u16.to_le_bytes()), 0.333251953125);
    assert_eq!(value(Sort::Float(2), BigEndian, &0xc000u16.to_be_bytes()), -2.0);
    assert_eq!(value(Sort::Float(4), BigEndian, &1.5f32.to_be_bytes()), 1.5);
    assert_eq!(value(Sort::Float(8), LittleEndian, &0.1f64.to_le_bytes()), 0.1);
    assert_eq!(value(Sort::Signed(2), LittleEndian, &(-3i16).to_le_bytes()), -3.0);
    assert_eq!(value(Sort::Signed(8), BigEndian, &i64::MIN.to_be_bytes()), i64::MIN as f64);
    assert_eq!(value(Sort::Unsigned(1), LittleEndian, &[200]), 200.0);
    assert_eq!(value(Sort::Unsigned(4), BigEndian, &700u32.to_be_bytes()), 700.0);
}

#[test]
fn any_bytes_are_answered() {
    let seeds = FILES.map(|name| std::fs::read(made(name)).unwrap());
    try_many(&seeds, |bytes| {
        let set = of_bytes(bytes, &import(100, 14.0))?;
        let spikes: usize = (0..set.len()).map(|i| set.trains().raster(i, 100).unwrap().len()).sum();
        assert!(spikes <= 1 << 20, "{spikes} spikes of {} bytes", bytes.len());
        Ok(())
    });
}
