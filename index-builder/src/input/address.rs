//! Where a page of a folder is on the site, and where its links lead.
//!
//! Knows paths, addresses and how one becomes the other. Asks the file system for nothing but lengths.

use std::fs;
use std::path::{Component, Path, PathBuf};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::Url;

use super::Source;
use crate::config::Rules;

/// What stands in an address as itself. A colon does not, as `a:b` would be read as a scheme.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b'@');

/// Stands for the site where nobody has said its address. RFC 2606 keeps the name free.
const NOWHERE: &str = "http://speir.invalid/";

/// The files that stand for the folder they are in.
const INDEX_NAMES: [&str; 3] = ["index.html", "index.htm", "index.xhtml"];

/// A folder of pages and where it is on the site.
#[derive(Debug)]
pub(super) struct Root {
    folder: PathBuf,
    address: Url,
    is_nowhere: bool,
}

/// Where a page is.
#[derive(Clone, Debug)]
pub(super) struct Address {
    url: Url,
    is_nowhere: bool,
}

impl Root {
    /// The folder of a source. Its address is `url-prefix` at the base address; without either, the
    /// folder is taken for the root of a site.
    pub(super) fn of(source: &Source, rules: &Rules) -> Root {
        let folder = match source.path.is_dir() {
            true => source.path.clone(),
            false => source.path.parent().map(Path::to_owned).unwrap_or_default(),
        };
        Root {
            folder,
            ..Root::above(source, rules)
        }
    }

    /// The same for files that are named by their paths below the folder.
    pub(super) fn above(source: &Source, rules: &Rules) -> Root {
        let base = rules.base_url.clone().unwrap_or_else(nowhere);
        let prefix = source.settings.url_prefix.as_deref().unwrap_or_default();
        let address = base.join(prefix).unwrap_or(base);
        Root {
            folder: PathBuf::new(),
            is_nowhere: address.as_str().starts_with(NOWHERE),
            address,
        }
    }

    /// The address of a page: its path, with the folder where it is an `index.html`.
    pub(super) fn page(&self, path: &Path) -> Address {
        let below = path.strip_prefix(&self.folder).unwrap_or(path);
        let mut parts: Vec<String> = below
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .map(|part| utf8_percent_encode(&part, PLAIN).to_string())
            .collect();
        if let Some(last) = parts.last_mut()
            && INDEX_NAMES.contains(&last.as_str())
        {
            last.clear();
        }
        let url = self.address.join(&parts.join("/"));
        Address {
            url: url.unwrap_or_else(|_| self.address.clone()),
            is_nowhere: self.is_nowhere,
        }
    }

    /// An address that is written below the folder's own, with its signs as they are.
    pub(super) fn written(&self, path: &str) -> Address {
        let url = self.address.join(path.trim());
        Address {
            url: url.unwrap_or_else(|_| self.address.clone()),
            is_nowhere: self.is_nowhere,
        }
    }

    /// The length of a file of the folder, by its address.
    pub(super) fn n_bytes(&self, address: &str) -> Option<u64> {
        let url = match self.is_nowhere {
            true => nowhere().join(address).ok()?,
            false => Url::parse(address).ok()?,
        };
        let same_site = url.host() == self.address.host();
        let below = url
            .path()
            .strip_prefix(self.address.path())
            .filter(|_| same_site)?;
        let below = percent_decode_str(below).decode_utf8().ok()?;
        let below = Path::new(&*below);
        let is_below = below
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        let about = fs::metadata(self.folder.join(below))
            .ok()
            .filter(|_| is_below)?;
        about.is_file().then_some(about.len())
    }
}

fn nowhere() -> Url {
    Url::parse(NOWHERE).unwrap_or_else(|_| unreachable!("{NOWHERE} is an address"))
}

impl Address {
    /// The address of what is not a file here: as it is written, joined to the base where it is not whole.
    pub(super) fn of(text: &str, base: Option<&Url>) -> Address {
        let base = base.cloned().unwrap_or_else(nowhere);
        let url = base.join(text.trim()).unwrap_or(base);
        Address {
            is_nowhere: url.as_str().starts_with(NOWHERE),
            url,
        }
    }

    /// The address as results show it: whole, or from the root of the site.
    pub(super) fn text(&self) -> String {
        self.shown(&self.url)
    }

    /// Where a link of the page leads, without its fragment where that is the page itself.
    pub(super) fn link(&self, href: &str) -> Option<String> {
        let url = self.url.join(href.trim()).ok()?;
        Some(self.shown(&url))
    }

    /// Whether an address is that of this page: its path is, as the site may be built for another host.
    pub(super) fn is_at(&self, address: &str) -> bool {
        self.url
            .join(address)
            .is_ok_and(|other| key(other.path()) == key(self.url.path()))
    }

    /// Where an address leads on this site.
    pub(super) fn here(&self, address: &str) -> Option<String> {
        let mut url = self.url.clone();
        url.set_path(self.url.join(address).ok()?.path());
        Some(self.shown(&url))
    }

    fn shown(&self, url: &Url) -> String {
        let text = url.as_str();
        match text.strip_prefix(NOWHERE).filter(|_| self.is_nowhere) {
            Some(path) => format!("/{path}"),
            None => text.to_owned(),
        }
    }
}

/// What addresses of one page have in common, however they are written.
pub(super) fn key(address: &str) -> &str {
    let address = address.split('#').next().unwrap_or(address);
    let address = INDEX_NAMES
        .iter()
        .find_map(|name| {
            address
                .strip_suffix(name)
                .filter(|rest| rest.is_empty() || rest.ends_with('/'))
        })
        .unwrap_or(address);
    let address = address.strip_prefix("./").unwrap_or(address);
    address.trim_matches('/')
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config;
    use crate::input::{Format, Settings};

    fn root(base: Option<&str>, prefix: Option<&str>) -> Root {
        let settings = Settings {
            url_prefix: prefix.map(str::to_owned),
            ..Settings::default()
        };
        let mut source = Source::file(PathBuf::from("."), Format::Html, &Arc::new(settings));
        source.path = PathBuf::from(".");
        let mut rules = Rules::default();
        rules.base_url = base.map(|base| config::base_url(base).unwrap());
        Root::of(&source, &rules)
    }

    #[test]
    fn a_path_below_the_folder_is_an_address_below_the_base() {
        let check = |base, prefix, path: &str, expected: &str| {
            let address = root(base, prefix).page(&Path::new(".").join(path));
            assert_eq!(address.text(), expected, "{path}");
        };
        check(None, None, "a/index.html", "/a/");
        check(None, None, "index.html", "/");
        check(None, None, "a b/c#d:é.html", "/a%20b/c%23d%3A%C3%A9.html");
        check(None, Some("/docs/"), "a.html", "/docs/a.html");
        let base = Some("https://example.org/lib");
        check(base, None, "a/index.htm", "https://example.org/lib/a/");
        check(
            base,
            Some("docs/"),
            "a.html",
            "https://example.org/lib/docs/a.html",
        );
        check(
            base,
            Some("/docs/"),
            "a.html",
            "https://example.org/docs/a.html",
        );
        check(
            None,
            Some("https://example.com/x/"),
            "a.html",
            "https://example.com/x/a.html",
        );
    }

    #[test]
    fn links_are_taken_from_the_page_they_stand_on() {
        let page = root(None, None).page(Path::new("./a/b.html"));
        let check = |href: &str, expected: &str| {
            assert_eq!(page.link(href).as_deref(), Some(expected), "{href}");
        };
        check("c.pdf", "/a/c.pdf");
        check("../c.pdf?x=1", "/c.pdf?x=1");
        check("/c.pdf", "/c.pdf");
        check("//example.org/c.pdf", "http://example.org/c.pdf");
        check("https://example.org/c.pdf", "https://example.org/c.pdf");
        assert!(page.is_at("https://example.org/a/b.html"));
        assert!(!page.is_at("https://example.org/a/"));
    }

    #[test]
    fn one_page_has_one_key() {
        for address in ["/a/", "a", "./a/", "/a/index.html", "a#b"] {
            assert_eq!(key(address), "a", "{address}");
        }
        assert_eq!(
            key("https://example.org/index.html"),
            key("https://example.org")
        );
    }
}
