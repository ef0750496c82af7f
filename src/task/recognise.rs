//! What a folder that a person hands over holds, by the names in it.

use std::fs;
use std::path::Path;

use super::TaskKind;

/// Most names that are looked at: a folder with more is none of ours before that.
const MOST_NAMES: usize = 10_000;

/// The kind of task whose files lie in a folder: IDX files, or the folders `Train` and `Test` of N-MNIST. Files are not
/// opened; that they are what their names say is found out when the task is.
pub fn folder(folder: &Path) -> Option<TaskKind> {
    if ["Train", "Test"].iter().any(|part| folder.join(part).join("0").is_dir()) {
        return Some(TaskKind::Nmnist);
    }
    let idx = |name: &str| name.contains("-ubyte") && (name.contains("idx3") || name.contains("idx1"));
    let names = fs::read_dir(folder).ok()?.take(MOST_NAMES).filter_map(|entry| Some(entry.ok()?.file_name()));
    names.into_iter().any(|name| name.to_str().is_some_and(idx)).then_some(TaskKind::Images)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::test_folder::TestFolder;

    #[test]
    fn data_sets_are_known_by_their_names() {
        let tree = TestFolder::new();
        tree.put("mnist/t10k-labels.idx1-ubyte.gz", "");
        tree.put("emnist/emnist-letters-train-images-idx3-ubyte", "");
        tree.put("events/Test/0/00001.bin", "");
        tree.put("other/Train/readme.txt", "");
        let known = |name: &str| folder(&tree.join(name));
        assert_eq!([known("mnist"), known("emnist")], [Some(TaskKind::Images); 2]);
        assert_eq!(known("events"), Some(TaskKind::Nmnist));
        assert_eq!([known("other"), known("nowhere"), known("mnist/t10k-labels.idx1-ubyte.gz")], [None; 3]);
    }
}
