//! Embeds the browser files that stand in `browser/` when the command line is compiled.
//!
//! `cargo xtask dist` fills that folder. Where it is not there, the tables are empty and
//! `speir build` says how to get the files. Beside them lies what each of them takes with brotli,
//! which is slow to find out.
//!
//! Also tells the program what its readers of pages and documents are made of, so that what others read
//! is not taken for their work (see `src/cache.rs`).

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// A line for each file: its name, its bytes, its bytes with brotli.
const PACKED_LENS: &str = "brotli.txt";

/// Folders in `browser/` whose files no first search fetches, each a table of its own.
const FOLDERS: [&str; 2] = ["locales", "wanted"];

/// The names and bytes of files.
fn table_of(mut files: Vec<PathBuf>) -> String {
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
    table
}

/// Where the readers are, and what they are built with.
const READERS: [&str; 3] = ["src/page", "src/document", "../Cargo.lock"];

/// Takes a file, or all files of a folder, into a hash.
fn hash(path: &Path, into: &mut DefaultHasher) -> std::io::Result<()> {
    if !path.is_dir() {
        fs::read(path)?.hash(into);
        return Ok(());
    }
    let mut entries = fs::read_dir(path)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    entries.sort();
    for entry in entries {
        hash(&entry, into)?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let own = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut readers = DefaultHasher::new();
    env::var("CARGO_PKG_VERSION")?.hash(&mut readers);
    for name in READERS {
        // A package has no lock file beside it.
        if own.join(name).exists() {
            println!("cargo::rerun-if-changed={name}");
            hash(&own.join(name), &mut readers)?;
        }
    }
    println!("cargo::rustc-env=SPEIR_READERS={:016x}", readers.finish());
    let folder = own.join("browser");
    let mut files: Vec<PathBuf> = Vec::new();
    if folder.is_dir() {
        println!("cargo::rerun-if-changed=browser");
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let is_hidden = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with('.'));
            let is_told = path.file_name().is_some_and(|name| name == PACKED_LENS);
            if path.is_file() && !is_hidden && !is_told {
                files.push(path);
            }
        }
    } else {
        // A folder that is not there would count as changed at every build; its parent does not.
        println!("cargo::rerun-if-changed=.");
    }
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("browser_files.rs"), table_of(files))?;
    for name in FOLDERS {
        let mut files: Vec<PathBuf> = Vec::new();
        if let Ok(entries) = fs::read_dir(folder.join(name)) {
            for entry in entries {
                files.push(entry?.path());
            }
        }
        fs::write(out.join(format!("{name}.rs")), table_of(files))?;
    }

    let told = fs::read_to_string(folder.join(PACKED_LENS)).unwrap_or_default();
    let mut table = String::from("&[\n");
    for line in told.lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(len), Some(packed_len)) =
            (words.next(), words.next(), words.next())
            // Of another file that has taken its place, nothing is known.
            && fs::metadata(folder.join(name)).is_ok_and(|about| about.len().to_string() == len)
        {
            let packed_len: u64 = packed_len.parse()?;
            table.push_str(&format!("    ({name:?}, {packed_len}),\n"));
        }
    }
    table.push_str("]\n");
    fs::write(out.join("packed_lens.rs"), table)?;
    Ok(())
}
