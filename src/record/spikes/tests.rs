use std::io::Cursor;

use super::*;
use crate::task::Source;
use crate::task::own::{Import, LabelledTrains, SpikeTrains, TimeScale, TrainsRole};
use crate::task::progress::Progress;

fn record(layers: &[(&str, &[Raster])], dt_ms: f64) -> SpikeRecord {
    let samples = (0..layers[0].1.len()).map(|n| format!("test {n}")).collect();
    let layer = |(name, rasters): &(&str, &[Raster])| LayerSpikes { name: (*name).into(), rasters: rasters.to_vec() };
    SpikeRecord {
        origin: "spikescape 0.1.0, after 300 updates".into(),
        facts: "{}".into(),
        steps: 10,
        dt_ms,
        samples,
        labels: Vec::new(),
        layers: layers.iter().map(layer).collect(),
    }
}

fn one() -> Raster {
    Raster::from_events(3, 10, vec![(0, 2), (3, 0), (3, 2), (9, 0)])
}

/// What average pooling passes on.
fn graded() -> Raster {
    let mut raster = Raster::new(2);
    raster.push_graded(1, 0.25);
    raster.end_step();
    raster.push_graded(0, 1.0);
    raster.end_step();
    raster
}

fn text(format: SpikeFormat, record: &SpikeRecord) -> String {
    String::from_utf8(format.bytes(record).unwrap()).unwrap()
}

#[test]
fn pyspike_has_a_line_for_each_neuron() {
    let text = text(SpikeFormat::PySpike, &record(&[("output", &[one()])], 0.1));
    let (comments, lines): (Vec<&str>, Vec<&str>) = text.lines().partition(|l| l.starts_with('#'));
    assert_eq!(lines, ["0.3 0.9", "", "0 0.3"]);
    assert!(comments[1].contains("output of sample test 0") && comments[1].contains("edges (0, 1)"), "{text}");
}

#[test]
fn nest_counts_senders_from_one_and_times_in_ms() {
    let record = record(&[("output", &[one()])], 2.0);
    let nest = text(SpikeFormat::Nest, &record);
    assert!(nest.ends_with("version: 2\nsender\ttime_ms\n3\t0.0\n1\t6.0\n3\t6.0\n1\t18.0\n"), "{nest}");
    let gdf = text(SpikeFormat::Gdf, &record);
    assert!(gdf.ends_with("neuron 0\n3\t0.0\n1\t6.0\n3\t6.0\n1\t18.0\n"), "{gdf}");
}

#[test]
fn a_table_has_a_row_for_each_spike_and_is_read_in_again() {
    let csv = text(SpikeFormat::Csv, &record(&[("input", &[one(), Raster::silent(3, 10)])], 0.5));
    assert_eq!(
        csv,
        "sample,layer,neuron,step,time_ms\ntest 0,input,2,0,0\ntest 0,input,0,3,1.5\ntest 0,input,2,3,1.5\ntest \
         0,input,0,9,4.5\n"
    );
    let path = std::env::temp_dir().join(format!("spikescape-table-{}.csv", std::process::id()));
    std::fs::write(&path, csv).unwrap();
    let import = Import { scale: TimeScale::Steps, steps: 10, units: None, most_entries: usize::MAX };
    let read = SpikeTrains::open(&path, TrainsRole::Input, &import, &Progress::default());
    std::fs::remove_file(&path).unwrap();
    assert_eq!(read.unwrap().raster(0, 10).unwrap(), one());
    let pooled = text(SpikeFormat::Csv, &record(&[("layer0", &[graded()])], 1.0));
    assert!(pooled.ends_with("time_ms,value\ntest 0,layer0,1,0,0,0.25\ntest 0,layer0,0,1,1,1.0\n"), "{pooled}");
}

#[test]
fn text_holds_whole_spikes_of_one_layer_and_sample() {
    let two = record(&[("input", &[one(), one()]), ("output", &[one(), one()])], 1.0);
    let pooled = record(&[("layer0", &[graded()])], 1.0);
    for format in [SpikeFormat::PySpike, SpikeFormat::Nest, SpikeFormat::Gdf] {
        let message = format.bytes(&two).unwrap_err();
        assert!(message.contains("here are 2 layers of 2 samples: choose one of each."), "{message}");
        assert!(format.bytes(&pooled).unwrap_err().contains("fractions of spikes"), "{format:?}");
    }
}

#[test]
fn arrays_are_read_in_again_as_they_were() {
    let import = Import { scale: TimeScale::Steps, steps: 10, units: Some(3), most_entries: usize::MAX };
    let rasters = [one(), Raster::silent(3, 10), Raster::from_events(3, 10, vec![(5, 1)])];
    let both = record(&[("input", &rasters), ("target", &rasters)], 0.1);
    for format in [SpikeFormat::Events, SpikeFormat::Dense] {
        let bytes = format.bytes(&both).unwrap();
        for role in [TrainsRole::Input, TrainsRole::Target] {
            let trains = SpikeTrains::from_npz("f", Cursor::new(&bytes), role, &import).unwrap();
            let read: Vec<Raster> = (0..3).map(|n| trains.raster(n, 10).unwrap()).collect();
            assert_eq!(read, rasters, "{format:?}");
        }
        assert_eq!(bytes, format.bytes(&both).unwrap(), "the same spikes give the same bytes");
    }
    let labelled = SpikeRecord { labels: vec![2, 0, 1], ..record(&[("output", &rasters)], 1.0) };
    let set = SpikeFormat::Events.bytes(&labelled).unwrap();
    let set = LabelledTrains::from_npz("f", Cursor::new(set), &import).unwrap();
    assert_eq!((set.len(), set.classes(), set.label(0)), (3, 3, 2));
    assert_eq!(set.trains().raster(2, 10).unwrap(), rasters[2]);
}

#[test]
fn rasters_that_end_early_are_silent_afterwards() {
    let mut short = one();
    short.truncate(4);
    let bytes = SpikeFormat::Dense.bytes(&record(&[("input", &[short.clone()])], 1.0)).unwrap();
    let import = Import { scale: TimeScale::Steps, steps: 10, units: None, most_entries: usize::MAX };
    let read = SpikeTrains::from_npz("f", Cursor::new(bytes), TrainsRole::Input, &import).unwrap();
    assert_eq!(read.raster(0, 10).unwrap().iter().collect::<Vec<_>>(), short.iter().collect::<Vec<_>>());
}

#[test]
fn times_of_nir_lead_back_to_their_steps() {
    for dt in [0.001, 0.0001, 0.003, 0.0007, 0.014, 1.0 / 3.0, 1e-6] {
        for step in (0..3000).chain([100_000, 1 << 20]) {
            let time = arrays::time_of_step(step, dt);
            assert_eq!(libm::floor(time / dt), step as f64, "step {step} of {dt}");
            assert!(time - step as f64 * dt <= 1e-12 * time);
        }
    }
}

#[test]
fn dense_arrays_have_a_limit() {
    let wide = Raster::silent(1 << 20, 10);
    let mut record = record(&[("input", &[wide])], 1.0);
    record.steps = 1 << 11;
    assert!(SpikeFormat::Dense.bytes(&record).unwrap_err().ends_with("or events instead."));
}

#[test]
fn names_of_files_say_their_format() {
    let of = SpikeFormat::of_name;
    assert_eq!(of("a.TXT"), Some(SpikeFormat::PySpike));
    assert_eq!(
        [of("a.npz"), of("a.dense.npz"), of("a.nir.npz")].map(Option::unwrap),
        [SpikeFormat::Events, SpikeFormat::Dense, SpikeFormat::Nir]
    );
    assert_eq!(of("a.dat"), Some(SpikeFormat::Nest));
    assert_eq!(of("a.png"), None);
    for format in SpikeFormat::ALL {
        assert_eq!(of(&format!("a{}", format.ending())), Some(format));
    }
}
