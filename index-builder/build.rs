//! Embeds the browser files that stand in `browser/` when the command line is compiled.
//!
//! `cargo xtask dist` fills that folder. Where it is not there, the table is empty and
//! `speir build` says how to get the files.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("browser");
    let mut files: Vec<PathBuf> = Vec::new();
    if folder.is_dir() {
        println!("cargo::rerun-if-changed=browser");
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let is_hidden = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if path.is_file() && !is_hidden {
                files.push(path);
            }
        }
    } else {
        // A folder that is not there would count as changed at every build; its parent does not.
        println!("cargo::rerun-if-changed=.");
    }
    files.sort();
    let mut table = String::from("&[\n");
    for path in &files {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        table.push_str(&format!(
            "    ({name:?}, include_bytes!({:?})),\n",
            path.display().to_string()
        ));
    }
    table.push_str("]\n");
    fs::write(
        Path::new(&env::var("OUT_DIR")?).join("browser_files.rs"),
        table,
    )?;
    Ok(())
}
