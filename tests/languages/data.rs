//! Where test data lies that is no part of the repository.

use std::path::{Path, PathBuf};

/// The text of a file of the test data, or `None` with a line that says that it is not there.
pub(crate) fn read(name: &str) -> Option<String> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("SPEIR_TEST_DATA").map_or_else(beside, PathBuf::from);
    let text = std::fs::read_to_string(folder.join(name));
    if text.is_err() {
        println!("left out: {name} is not in {}", folder.display());
    }
    text.ok()
}
