//! `spikescape landscape` from outside: its files, its table, and what it complains of.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program, where there is no display.
fn start(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spikescape"));
    command.arg("landscape").args(args).env_remove("COLUMNS");
    for display in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"] {
        command.env_remove(display);
    }
    command.output().unwrap()
}

fn said(args: &[&str]) -> String {
    let output = start(args);
    assert!(output.status.success(), "{args:?}\n{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn complaint(args: &[&str]) -> String {
    let output = start(args);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code().is_some_and(|code| code == 1 || code == 2), "{args:?}\n{text}");
    assert!(!text.contains("panicked"), "{text}");
    text
}

/// A folder of its own for one test, removed with it.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("landscape-{test}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn at(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// An array of an archive as it lies there: its header and its bytes.
fn array(npz: &str, name: &str) -> (String, Vec<u8>) {
    let mut zip = zip::ZipArchive::new(fs::File::open(npz).unwrap()).unwrap();
    let mut bytes = Vec::new();
    zip.by_name(&format!("{name}.npy")).unwrap_or_else(|e| panic!("{name}: {e}")).read_to_end(&mut bytes).unwrap();
    let end = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    (String::from_utf8_lossy(&bytes[10..end]).into_owned(), bytes[end..].to_vec())
}

fn numbers(npz: &str, name: &str) -> Vec<f64> {
    array(npz, name).1.chunks_exact(8).map(|b| f64::from_le_bytes(b.try_into().unwrap())).collect()
}

#[test]
fn every_kind_of_file_has_the_same_numbers_and_its_settings() {
    let folder = Folder::new("files");
    let [npz, csv, png, svg] = ["x.npz", "x.csv", "x.png", "x.svg"].map(|name| folder.at(name));
    let args = ["--updates", "20", "--points", "11", "--plane", "path", "-o", &npz, "-o", &csv, "-o", &png, "-o", &svg];
    let text = said(&args);
    for part in
        ["ANTLR, network 50-50-5, seed 0", "plane path", "Downhill", "of the variance of the run's path", "x.svg"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let loss = numbers(&npz, "loss");
    assert!(array(&npz, "loss").0.contains("'shape': (11, 11)") && array(&npz, "timing").0.contains("(11, 11, 2)"));
    assert!(array(&npz, "circulation_antlr").0.contains("'shape': (10, 10)"));
    assert_eq!(numbers(&npz, "a")[5], 0.0);
    // the centre is the end of the path, which is the run
    assert_eq!(loss[60].to_bits(), numbers(&npz, "path_loss")[20].to_bits());
    let spacing = numbers(&npz, "a")[1] - numbers(&npz, "a")[0];
    let slope = (loss[71] - loss[49]) / (2.0 * spacing);
    assert!((numbers(&npz, "slope")[2 * 60] - slope).abs() < 1e-5 * slope.abs());
    let settings = String::from_utf8(array(&npz, "settings").1).unwrap();
    let settings: serde_json::Value = serde_json::from_str(&settings).unwrap();
    assert_eq!((settings["update"].as_u64(), settings["plane"].as_str()), (Some(20), Some("path")));
    let (centre, parameters) = (array(&npz, "centre").1.len() / 4, 51 * 50 + 51 * 5);
    assert_eq!(centre, parameters);
    assert_eq!(array(&npz, "direction_2").1.len() / 4, parameters);

    let table = folder.text("x.csv");
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!((rows.len(), &rows[0][..3]), (122, &["a", "b", "loss"][..]));
    assert_eq!(rows[61][2].parse::<f64>().unwrap().to_bits(), loss[60].to_bits());
    assert_eq!((rows[2][0], rows[2][1]), ("-1.0", "-0.800000011920929"), "b runs faster");
    let toml = folder.text("x.csv.toml");
    assert!(toml.starts_with("# Loss landscape by spikescape") && toml.contains("[network]"));
    let reader = png::Decoder::new(std::io::BufReader::new(fs::File::open(&png).unwrap())).read_info().unwrap();
    let keys = reader
        .info()
        .uncompressed_latin1_text
        .iter()
        .map(|t| t.keyword.as_str())
        .chain(reader.info().utf8_text.iter().map(|t| t.keyword.as_str()));
    assert!(keys.collect::<Vec<_>>().contains(&"spikescape.landscape"));
    let svg = folder.text("x.svg");
    assert!(svg.contains("<metadata>{") && svg.contains("True loss") && svg.ends_with("</svg>\n"));
    let mut files: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|e| e.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["x.csv", "x.csv.toml", "x.npz", "x.png", "x.svg"], "nothing temporary is left");
}

#[test]
fn a_checkpoint_has_the_landscape_of_its_run() {
    let folder = Folder::new("checkpoint");
    let (run, one, two) = (folder.at("run"), folder.at("one.npz"), folder.at("two.npz"));
    let mut train = Command::new(env!("CARGO_BIN_EXE_spikescape"));
    let trained = train.args(["train", "--updates", "12", "--seed", "5", "--out", &run]).output().unwrap();
    assert!(trained.status.success());
    let checkpoint = format!("{run}/checkpoint.safetensors");
    for plane in ["random", "path", "moments:0,9", "gradient:antlr,activation"] {
        let of = |more: &[&str], out: &str| said(&[&["--plane", plane, "--points", "5", "-o", out], more].concat());
        of(&[&checkpoint], &one);
        of(&["--updates", "12", "--seed", "5"], &two);
        for name in ["loss", "antlr", "centre", "direction_1", "direction_2"] {
            assert_eq!(array(&one, name), array(&two, name), "{plane} {name}");
        }
    }
    said(&[&checkpoint, "--centre", "7", "--points", "5", "-o", &one]);
    said(&["--updates", "7", "--seed", "5", "--points", "5", "-o", &two]);
    assert_eq!(numbers(&one, "loss"), numbers(&two, "loss"));
    let weights = format!("{run}/weights.safetensors");
    said(&[&weights, "--points", "5", "-o", &two]);
    said(&[&checkpoint, "--points", "5", "-o", &one]);
    assert_eq!(numbers(&one, "loss"), numbers(&two, "loss"));
    assert!(complaint(&[&weights, "--plane", "path"]).contains("three remembered moments"));
    // its outputs are silent by then: the timing rule sees nothing
    assert!(complaint(&[&checkpoint, "--plane", "gradient:timing"]).contains("it shows no direction"));
}

#[test]
fn a_cut_goes_through_the_plane() {
    let folder = Folder::new("cut");
    let (cut, plane) = (folder.at("cut.npz"), folder.at("plane.npz"));
    let text = said(&["--updates", "9", "--points", "21", "--cut", "-o", &cut]);
    assert!(text.contains("The loss jumps"), "{text}");
    said(&["--updates", "9", "--points", "21", "-o", &plane]);
    let (line, whole) = (numbers(&cut, "loss"), numbers(&plane, "loss"));
    assert!((0..21).all(|i| line[i].to_bits() == whole[i * 21 + 10].to_bits()));
}

#[test]
fn the_table_has_a_row_for_each_rule_seed_update_and_range() {
    let folder = Folder::new("table");
    let csv = folder.at("t.csv");
    let args = ["--table", "--seeds", "0-2", "--updates", "5,0", "--range", "1,0.5", "--points", "9"];
    let text = said(&[&args[..], &["-o", &csv]].concat());
    for part in ["3 seeds, network 50-50-5, trained with ANTLR", "9 × 9 points", "zero slope", "Timing"] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert_eq!(folder.text("t.csv").lines().count(), 1 + 3 * 3 * 2 * 2);
    let json: serde_json::Value = serde_json::from_str(&said(&[&args[..], &["--json"]].concat())).unwrap();
    let rows = json["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 36);
    // the same landscape by itself
    let alone = said(&["--seed", "2", "--directions", "2", "--updates", "5", "--range", "0.5", "--points", "9"]);
    let row = rows.iter().find(|r| r["seed"] == 2 && r["update"] == 5 && r["range"] == 0.5 && r["rule"] == "antlr");
    let downhill = format!("{:.1} %", 100.0 * row.unwrap()["downhill"].as_f64().unwrap());
    assert!(alone.lines().any(|l| l.starts_with("ANTLR  ") && l.contains(&downhill)), "{downhill}\n{alone}");
}

#[test]
fn any_number_of_threads_gives_the_same_file() {
    let folder = Folder::new("threads");
    let files = ["1", "3"].map(|threads| {
        let file = folder.at(threads);
        let file = format!("{file}.npz");
        said(&["--updates", "3", "--points", "7", "--threads", threads, "-o", &file]);
        fs::read(file).unwrap()
    });
    assert!(files[0] == files[1]);
}

#[test]
fn what_cannot_be_done_is_said_before_anything_is_measured() {
    let folder = Folder::new("wrong");
    assert!(complaint(&["-o", &folder.at("x.txt")]).contains(".npz, .csv, .png or .svg"));
    assert!(complaint(&["--table", "-o", &folder.at("x.png")]).contains("should end in .csv"));
    assert!(complaint(&["--cut", "-o", &folder.at("x.svg")]).contains("a picture shows a plane"));
    assert!(complaint(&["--points", "10"]).contains("odd number"));
    assert!(complaint(&["--points", "203"]).contains("at most 201"));
    assert!(complaint(&["--plane", "gradient:best"]).contains("expected random"));
    assert!(complaint(&["--plane", "weights:0/0/0,7/0/0"]).contains("no weight 7/0/0"));
    assert!(complaint(&["--updates", "9", "--centre", "10"]).contains("not remembered"));
    assert!(complaint(&["--over", "test:5"]).contains("no samples"));
    assert!(complaint(&["--updates", "1,2"]).contains("--table only"));
    assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0);
}
