//! The English books that rustup installs with Rust: records of their text, and their own pages.
//!
//! Knows that mdBook puts the text of a page into `<main>`. Reads no other HTML rightly.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Value as Json, json};

use super::corpus::write;
use crate::run::{output, root};

/// Folders below the documentation's root that hold a book.
const BOOKS: [&str; 13] = [
    "book",
    "cargo",
    "clippy",
    "edition-guide",
    "embedded-book",
    "error_codes",
    "nomicon",
    "reference",
    "rust-by-example",
    "rustc",
    "rustdoc",
    "style-guide",
    "unstable-book",
];

/// Pages that hold another page's text again.
const REPEATED: [&str; 3] = ["print.html", "toc.html", "index.html"];

/// Reads the books and copies their pages below a folder; `None` where they are not installed.
pub(super) fn books(pages: &Path) -> Result<Option<Vec<Json>>> {
    let mut rustc = std::process::Command::new("rustc");
    let sysroot = output(rustc.arg("--print=sysroot").current_dir(root()))?;
    let docs = Path::new(sysroot.trim()).join("share/doc/rust/html");
    let mut records = Vec::new();
    for book in BOOKS {
        let mut paths = Vec::new();
        find(&docs.join(book), &mut paths);
        paths.sort();
        for path in paths {
            let html = fs::read_to_string(&path)?;
            let Ok(name) = path.strip_prefix(&docs) else {
                continue;
            };
            let Some(record) = record(book, &name.to_string_lossy().replace('\\', "/"), &html)
            else {
                continue;
            };
            write(&pages.join(name), &html)?;
            records.push(record);
        }
    }
    Ok((!records.is_empty()).then_some(records))
}

fn find(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            find(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "html")
            && !REPEATED.iter().any(|repeated| name == *repeated)
        {
            found.push(path);
        }
    }
}

/// The record of a page, or `None` where it is not English or has no text.
fn record(book: &str, name: &str, html: &str) -> Option<Json> {
    html.contains("<html lang=\"en\"").then_some(())?;
    let (_, rest) = html.split_once("<main>")?;
    let (main, _) = rest.split_once("</main>")?;
    let (_, rest) = html.split_once("<title>")?;
    let (title, _) = rest.split_once("</title>")?;
    let body = text(main);
    (!body.is_empty()).then(|| {
        json!({
            "id": name.trim_end_matches(".html"),
            "url": format!("p/{name}"),
            "title": text(title),
            "description": body.chars().take(150).collect::<String>(),
            "body": body,
            "type": book,
        })
    })
}

/// The text between tags, its blanks made one.
fn text(html: &str) -> String {
    let mut plain = String::with_capacity(html.len());
    for piece in html.split('<') {
        let (tag, after) = piece.split_once('>').unwrap_or(("", piece));
        // Only tags that part blocks part words: `<b>f</b>oo` is one.
        let name = tag
            .trim_start_matches('/')
            .split([' ', '/'])
            .next()
            .unwrap_or_default();
        if [
            "p", "div", "li", "h1", "h2", "h3", "h4", "h5", "td", "th", "tr", "br", "pre", "dt",
            "dd",
        ]
        .contains(&name)
        {
            plain.push(' ');
        }
        plain.push_str(after);
    }
    let plain = plain
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"");
    let plain = plain
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&amp;", "&");
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_becomes_a_record() {
        let html = "<html lang=\"en\"><title>A &amp; b</title><nav>no</nav><main><p>One<p>t<b>w</b>o &lt;</main>";
        let record = record("book", "book/a.html", html).expect("a record");
        assert_eq!(record["id"], "book/a");
        assert_eq!(record["title"], "A & b");
        assert_eq!(record["body"], "One two <");
    }
}
