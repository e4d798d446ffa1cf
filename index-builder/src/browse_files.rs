//! Puts the static pages of `browse/` in place, and takes away those of the build before that are gone.
//!
//! Which pages a build wrote, a list in the folder says, which no reader fetches: nothing else is ever
//! removed. The list names all, old and new, before the first page changes, so that a build that dies
//! leaves none behind for ever. Each page changes by one rename. Knows files; what is in them, `browse`
//! knows.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use crate::browse::{FOLDER, File};
use crate::disk::{is_same, sync_folder};

/// The list, in the folder of the pages.
const LIST_NAME: &str = "speir-pages.txt";

/// What is appended to the name of a page while it is written.
const UNFINISHED: &str = ".speir-new";

/// What is appended to the name of a file that stands where a page belongs.
const KEPT_ASIDE: &str = ".before-speir";

/// What putting pages in place did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) n_written: usize,
    pub(crate) n_unchanged: usize,
    pub(crate) n_removed: usize,
    /// Files of somebody else that stood in the place of pages, and how they are called now.
    pub(crate) kept_aside: Vec<String>,
}

/// Puts pages into the published folder.
///
/// # Errors
///
/// If the folder cannot be written to. Some pages may then be new and others old; each is whole.
pub(crate) fn put(folder: &Path, pages: &[File]) -> io::Result<Placed> {
    let list = folder.join(FOLDER).join(LIST_NAME);
    let old = read_list(&list)?;
    let new: BTreeSet<&str> = pages.iter().map(|page| page.name.as_str()).collect();
    let mut placed = Placed::default();
    if new.is_empty() && old.is_empty() {
        return Ok(placed);
    }
    fs::create_dir_all(folder.join(FOLDER))?;
    write_list(
        &list,
        old.iter().map(String::as_str).chain(new.iter().copied()),
    )?;
    for page in pages {
        let path = folder.join(&page.name);
        if is_same(&path, &page.bytes) {
            placed.n_unchanged += 1;
            continue;
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        if !old.contains(&page.name) && path.is_file() {
            let aside = format!("{}{KEPT_ASIDE}", page.name);
            fs::rename(&path, folder.join(&aside))?;
            placed.kept_aside.push(aside);
        }
        let unfinished = folder.join(format!("{}{UNFINISHED}", page.name));
        fs::write(&unfinished, &page.bytes)?;
        fs::rename(&unfinished, &path)?;
        placed.n_written += 1;
    }
    for name in old.iter().filter(|name| !new.contains(name.as_str())) {
        match fs::remove_file(folder.join(name)) {
            Ok(()) => placed.n_removed += 1,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    if new.is_empty() {
        fs::remove_file(&list)?;
    } else {
        write_list(&list, new.iter().copied())?;
    }
    // Folders that are empty now, the innermost first; others stay as they cannot be removed.
    let mut folders: BTreeSet<&Path> = BTreeSet::new();
    for name in &old {
        let above = Path::new(name).ancestors().skip(1);
        folders.extend(above.filter(|folder| !folder.as_os_str().is_empty()));
    }
    for inner in folders.iter().rev() {
        let _ = fs::remove_dir(folder.join(inner));
    }
    sync_folder(&folder.join(FOLDER));
    Ok(placed)
}

/// The names in a list, as far as pages can have them: whoever changed it must not make us remove
/// other files.
fn read_list(list: &Path) -> io::Result<BTreeSet<String>> {
    match fs::read_to_string(list) {
        Ok(text) => Ok(text
            .lines()
            .filter(|name| is_page(name))
            .map(str::to_owned)
            .collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

fn write_list<'n>(list: &Path, names: impl Iterator<Item = &'n str>) -> io::Result<()> {
    let names: BTreeSet<&str> = names.collect();
    let text: String = names.into_iter().map(|name| format!("{name}\n")).collect();
    if is_same(list, text.as_bytes()) {
        return Ok(());
    }
    let unfinished = list.with_extension("new");
    fs::write(&unfinished, text)?;
    fs::rename(unfinished, list)
}

/// Whether a page can have this name: `browse/type/report.html`.
fn is_page(name: &str) -> bool {
    let mut parts = name.split('/');
    let is_ours = parts.next() == Some(FOLDER);
    let is_plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'))
    };
    let ends_right = [".html", ".css"].iter().any(|end| name.ends_with(end));
    is_ours && ends_right && parts.all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(name: &str, text: &str) -> File {
        File {
            name: name.to_owned(),
            bytes: text.as_bytes().to_vec(),
        }
    }

    fn placed(n_written: usize, n_unchanged: usize, n_removed: usize) -> Placed {
        Placed {
            n_written,
            n_unchanged,
            n_removed,
            ..Placed::default()
        }
    }

    #[test]
    fn pages_that_are_gone_go_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let first = [
            page("browse/index.html", "1"),
            page("browse/type/report.html", "1"),
        ];
        assert_eq!(put(folder, &first).unwrap(), placed(2, 0, 0));
        assert_eq!(put(folder, &first).unwrap(), placed(0, 2, 0));
        fs::write(folder.join("browse/own.html"), "own").unwrap();
        let second = [
            page("browse/index.html", "2"),
            page("browse/topics/housing.html", "2"),
        ];
        assert_eq!(put(folder, &second).unwrap(), placed(2, 0, 1));
        assert!(!folder.join("browse/type").exists());
        assert_eq!(put(folder, &[]).unwrap(), placed(0, 0, 2));
        let left: Vec<_> = fs::read_dir(folder.join("browse")).unwrap().collect();
        assert_eq!(left.len(), 1, "the publisher's own page stays");
        fs::remove_file(folder.join("browse/own.html")).unwrap();
        assert_eq!(put(folder, &[]).unwrap(), placed(0, 0, 0));
    }

    #[test]
    fn a_file_that_stands_where_a_page_belongs_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        fs::create_dir(folder.join("browse")).unwrap();
        fs::write(folder.join("browse/index.html"), "own").unwrap();
        let placed = put(folder, &[page("browse/index.html", "ours")]).unwrap();
        assert_eq!(placed.kept_aside, ["browse/index.html.before-speir"]);
        let kept = fs::read_to_string(folder.join("browse/index.html.before-speir")).unwrap();
        assert_eq!(kept, "own");
    }

    #[test]
    fn a_list_names_pages_only() {
        for name in [
            "browse/index.html",
            "browse/cy/type/a-2.html",
            "browse/browse.css",
        ] {
            assert!(is_page(name), "{name}");
        }
        for name in [
            "index.html",
            "browse/../index.html",
            "browse//a.html",
            "/browse/a.html",
            "browse/a.txt",
            "browse/.hidden.html",
            "browse",
        ] {
            assert!(!is_page(name), "{name}");
        }
    }
}
