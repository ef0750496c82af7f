//! A set of labelled grey images in four IDX files (MNIST, Fashion-MNIST, EMNIST …), given as latency code.

use std::fs;
use std::path::{Path, PathBuf};

use crate::file::{self, Progress, ReadError};
use crate::spike::Sample;

use super::idx::{Idx, Kind};
use super::source::put_label;
use super::{Image, LatencyCode, Source, Split, View};

/// The most pixels that an image may have.
const LARGEST: usize = 1 << 16;

/// Images and their labels. They stay in memory as bytes: 47 MB for the 60,000 of MNIST.
#[derive(Clone, Debug)]
pub struct Images {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    labels: Vec<u8>,
    classes: usize,
    /// How grey values become spikes.
    pub code: LatencyCode,
}

impl Images {
    /// Reads one part of the set in `folder`: that of the training names or that of the test names.
    ///
    /// There is no file for [`Split::Validation`]; it is split off the training images.
    pub fn open(folder: &Path, part: Split, code: LatencyCode, progress: &Progress) -> Result<Self, ReadError> {
        let files = find(folder, part)?;
        let images = Idx::open(&files.images, Kind::Images, progress)?;
        let labels = Idx::open(&files.labels, Kind::Labels, progress)?;
        let names = [&files.images, &files.labels].map(|p| p.display().to_string());
        Ok(Self::new(names, images, labels, code)?)
    }

    /// Puts images and labels together; `names` are what messages call the two.
    pub fn new(names: [String; 2], images: Idx, labels: Idx, code: LatencyCode) -> Result<Self, String> {
        let [images_name, labels_name] = names;
        let [number, height, width] = images.sizes[..] else {
            return Err(format!("{images_name} does not hold images: number, height and width are needed."));
        };
        if height * width > LARGEST {
            return Err(format!(
                "{images_name}, byte 8: the images are {height} × {width}; at most {LARGEST} pixels are read."
            ));
        }
        if labels.values.len() != number {
            return Err(format!(
                "{images_name} and {labels_name} do not belong together: {number} images (byte 4 of the first), {} \
                 labels (byte 4 of the second).",
                labels.values.len()
            ));
        }
        let classes = usize::from(labels.values.iter().max().copied().unwrap_or(0)) + 1;
        Ok(Self { width, height, pixels: images.values, labels: labels.values, classes, code })
    }

    /// Grey values of image `index`, row by row.
    pub fn pixels(&self, index: usize) -> &[u8] {
        let size = self.width * self.height;
        &self.pixels[index * size..(index + 1) * size]
    }

    /// Gives both parts of a set the same number of classes, should one of them lack the last; or says that their
    /// images are not of one size.
    pub fn join(train: &mut Self, test: &mut Self) -> Result<(), String> {
        if (train.height, train.width) != (test.height, test.width) {
            return Err(format!(
                "The training images are {} × {}, the test images {} × {}; they are not of one set.",
                train.height, train.width, test.height, test.width
            ));
        }
        let classes = train.classes.max(test.classes);
        (train.classes, test.classes) = (classes, classes);
        Ok(())
    }
}

impl Source for Images {
    fn len(&self) -> usize {
        self.labels.len()
    }

    /// One more than the largest label.
    fn classes(&self) -> usize {
        self.classes
    }

    fn input_shape(&self) -> Vec<usize> {
        vec![1, self.height, self.width]
    }

    fn label(&self, index: usize) -> usize {
        usize::from(self.labels[index])
    }

    fn read(&self, index: usize, steps: usize, sample: &mut Sample) -> Result<(), String> {
        put_label(&mut sample.target, self.classes, steps, self.label(index));
        self.code.encode(self.pixels(index), steps, &mut sample.input)
    }

    fn view(&self, index: usize) -> Result<View, String> {
        Ok(View::Image(Image { width: self.width, height: self.height, grey: self.pixels(index).to_vec() }))
    }
}

/// The two files of one part.
struct Files {
    images: PathBuf,
    labels: PathBuf,
}

fn find(folder: &Path, part: Split) -> Result<Files, String> {
    if !fs::metadata(folder).map_err(|e| missing(folder, part, &file::failed(folder, &e)))?.is_dir() {
        return Err(format!("{} is a file; the folder with the four IDX files is needed.", folder.display()));
    }
    let [images, labels] = stems(part).map(|stem| first_file(folder, &stem));
    if let (Some(images), Some(labels)) = (&images, &labels) {
        return Ok(Files { images: images.clone(), labels: labels.clone() });
    }
    match emnist(folder, part)? {
        Some(files) if images.is_none() && labels.is_none() => Ok(files),
        _ => {
            let what = match (images, labels) {
                (None, None) => "neither images nor labels were found".into(),
                (Some(found), _) => format!("there is {}, but no labels for it", found.display()),
                (_, Some(found)) => format!("there is {}, but no images for it", found.display()),
            };
            Err(missing(folder, part, &format!("In the folder {}, {what}.", folder.display())))
        }
    }
}

fn stems(part: Split) -> [String; 2] {
    let start = if part == Split::Test { "t10k" } else { "train" };
    [format!("{start}-images?idx3-ubyte"), format!("{start}-labels?idx1-ubyte")]
}

/// Hyphen as published, dot as some archives unpack it; each with and without `.gz`.
fn candidates(stem: &str) -> [String; 4] {
    [("-", ""), ("-", ".gz"), (".", ""), (".", ".gz")].map(|(between, end)| stem.replace('?', between) + end)
}

fn first_file(folder: &Path, stem: &str) -> Option<PathBuf> {
    candidates(stem).into_iter().map(|name| folder.join(name)).find(|path| path.is_file())
}

/// The files of EMNIST, which are named after a split (`emnist-letters-train-images-idx3-ubyte.gz`): taken when the
/// folder holds one split alone.
fn emnist(folder: &Path, part: Split) -> Result<Option<Files>, String> {
    let start = if part == Split::Test { "test" } else { "train" };
    let entries = fs::read_dir(folder).map_err(|e| file::failed(folder, &e))?;
    let mut found = Vec::new();
    for entry in entries {
        let name = entry.map_err(|e| file::failed(folder, &e))?.file_name();
        // a name that is not UTF-8 is none of those looked for
        let Some(name) = name.to_str() else { continue };
        let plain = name.strip_suffix(".gz").unwrap_or(name);
        let split = plain.strip_suffix(&format!("-{start}-images-idx3-ubyte"));
        if let Some(split) = split.filter(|s| s.starts_with("emnist-"))
            && let Some(labels) = first_file(folder, &format!("{split}-{start}-labels?idx1-ubyte"))
        {
            found.push((split.to_owned(), Files { images: folder.join(name), labels }));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.dedup_by(|a, b| a.0 == b.0);
    if found.len() > 1 {
        let splits = found.iter().map(|f| f.0.as_str()).collect::<Vec<_>>().join(", ");
        return Err(format!("{} holds several sets: {splits}; put one into a folder of its own.", folder.display()));
    }
    Ok(found.pop().map(|f| f.1))
}

/// Where one gets data sets of this form.
pub const SOURCES: [(&str, &str); 4] = [
    ("MNIST", "https://yann.lecun.com/exdb/mnist/"),
    ("MNIST (mirror)", "https://ossci-datasets.s3.amazonaws.com/mnist/"),
    ("Fashion-MNIST", "https://github.com/zalandoresearch/fashion-mnist"),
    ("EMNIST", "https://www.nist.gov/itl/products-and-services/emnist-dataset"),
];

fn missing(folder: &Path, part: Split, found: &str) -> String {
    let [mnist, mirror, fashion, emnist] = SOURCES.map(|(_, address)| address);
    let start = if part == Split::Test { "test" } else { "train" };
    let [images, labels] = stems(part);
    let names = [images, labels].map(|stem| candidates(&stem).join(", ")).join(", ");
    format!(
        "{found} Looked in {} for {names}, and as EMNIST names them for emnist-SET-{start}-images-idx3-ubyte and \
         emnist-SET-{start}-labels-idx1-ubyte, with .gz or without. Get MNIST at {mnist} or {mirror}, \
         Fashion-MNIST at {fashion}, EMNIST at {emnist}, and put the four files as they come into one \
         folder.",
        folder.display()
    )
}

#[cfg(test)]
mod tests {
    use super::super::idx::tests::{gzip, idx};
    use super::*;
    use crate::file::test_folder::TestFolder;

    fn open(folder: &TestFolder, part: Split) -> Result<Images, String> {
        Ok(Images::open(folder.path(), part, LatencyCode::default(), &Progress::default())?)
    }

    #[test]
    fn files_are_found_under_all_their_names() {
        let images = idx(&[2, 1, 3], &[0, 255, 128, 1, 0, 0]);
        let labels = idx(&[2], &[3, 1]);
        let spellings = [
            ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"],
            ["train-images.idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"],
            ["emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters-train-labels-idx1-ubyte"],
        ];
        for names in &spellings {
            let folder = TestFolder::new();
            let packed = |name: &str, bytes: &[u8]| if name.ends_with("gz") { gzip(bytes) } else { bytes.to_vec() };
            folder.put(names[0], packed(names[0], &images));
            folder.put(names[1], packed(names[1], &labels));
            let set = open(&folder, Split::Train).unwrap();
            assert_eq!((set.len(), set.classes(), set.input_shape()), (2, 4, vec![1, 1, 3]));
            super::super::source::tests::used_memory_leaves_no_mark(&set, 30);
            let sample = set.sample(0, 30).unwrap();
            assert_eq!(sample.input.iter().collect::<Vec<_>>(), [(0, 1), (11, 2)]);
            assert_eq!((sample.target.label, sample.target.spikes.units()), (3, 4));
            assert_eq!(set.view(1), Ok(View::Image(Image { width: 3, height: 1, grey: vec![1, 0, 0] })));
            assert!(set.sample(0, 10).unwrap_err().contains("latest step of the latency code"));
        }
    }

    #[test]
    fn what_is_missing_is_said() {
        let folder = TestFolder::new();
        let message = open(&folder, Split::Test).unwrap_err();
        for part in ["neither images nor labels", "t10k-images.idx3-ubyte.gz, t10k-labels-idx1-ubyte,", "https://"] {
            assert!(message.contains(part), "{message}");
        }
        folder.put("t10k-labels-idx1-ubyte", "");
        assert!(open(&folder, Split::Test).unwrap_err().contains("but no images for it"));
        let (path, progress) = (folder.join("nowhere"), Progress::default());
        let nowhere = Images::open(&path, Split::Train, LatencyCode::default(), &progress).unwrap_err().to_string();
        assert!(nowhere.starts_with("There is no file or folder") && nowhere.contains("Looked in"), "{nowhere}");
        for set in ["letters", "digits"] {
            folder.put(&format!("emnist-{set}-train-images-idx3-ubyte"), "");
            folder.put(&format!("emnist-{set}-train-labels-idx1-ubyte"), "");
        }
        assert!(open(&folder, Split::Train).unwrap_err().contains("several sets: emnist-digits, emnist-letters;"));
    }

    #[test]
    fn images_and_labels_must_match() {
        let folder = TestFolder::new();
        folder.put("train-images-idx3-ubyte", idx(&[2, 1, 1], &[1, 2]));
        folder.put("train-labels-idx1-ubyte", idx(&[3], &[1, 2, 3]));
        let message = open(&folder, Split::Train).unwrap_err();
        assert!(message.contains("do not belong together: 2 images (byte 4 of the first), 3 labels"), "{message}");
        folder.put("train-images-idx3-ubyte", idx(&[1, 1, 70_000], &[0; 70_000]));
        assert!(open(&folder, Split::Train).unwrap_err().contains("at most 65536 pixels"));
    }

    #[test]
    fn both_parts_get_the_same_classes() {
        let set = |sizes: [usize; 3], label| {
            let images = Idx { sizes: sizes.to_vec(), values: vec![0; sizes.iter().product()] };
            let labels = Idx { sizes: vec![1], values: vec![label] };
            Images::new(["i".into(), "l".into()], images, labels, LatencyCode::default()).unwrap()
        };
        let (mut train, mut test) = (set([1, 2, 2], 3), set([1, 2, 2], 9));
        Images::join(&mut train, &mut test).unwrap();
        assert_eq!((train.classes(), test.classes()), (10, 10));
        assert!(Images::join(&mut train, &mut set([1, 2, 3], 0)).unwrap_err().contains("not of one set"));
    }
}
