//! How long files are, and whether FORMAT.md has been looked at since the format's code changed.

use crate::sources::{none, source, sources};

/// Most lines of a file without its unit tests. At 400 one asks whether there are two rooms inside.
const MOST_LINES: usize = 700;

/// Files that are longer for a reason.
const LONG_FOR_A_REASON: &[(&str, &str)] = &[];

#[test]
fn no_file_is_too_long_to_read() {
    let offences: Vec<String> = sources()
        .iter()
        .filter(|source| source.is(&[".rs", ".ts", ".mjs", ".css"]))
        .filter(|source| {
            !LONG_FOR_A_REASON
                .iter()
                .any(|(path, _)| *path == source.path)
        })
        .filter_map(|source| {
            let lines = source.code_lines().count();
            (lines > MOST_LINES)
                .then(|| format!("{}: {lines} lines, at most {MOST_LINES}", source.path))
        })
        .collect();
    none("a file this long holds two rooms", &offences);
}

/// FNV-1a, 64 bits (Fowler, Noll, Vo): it has only to change when a file does.
fn hash_of_the_format() -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut files = 0;
    for source in sources()
        .iter()
        .filter(|source| source.path.starts_with("core/src/format/"))
    {
        files += 1;
        for byte in source
            .path
            .bytes()
            .chain([0])
            .chain(source.text.bytes())
            .chain([0])
        {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    assert!(files > 0, "core/src/format is not there");
    format!("{hash:016x}")
}

#[test]
fn format_md_was_looked_at_when_the_format_changed() {
    let right = format!("Hash of the sources: {}", hash_of_the_format());
    let page = &source("core/FORMAT.md").text;
    assert!(
        page.lines().any(|line| line.trim() == right),
        "core/src/format changed: see whether core/FORMAT.md still tells the truth, raise the \
         version if bytes changed, then let it say\n{right}"
    );
}
