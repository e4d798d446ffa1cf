//! `browse/`: static pages of all records, for readers without JavaScript and for search engines.
//!
//! Decides which pages there are: a first page that leads everywhere, pages by letter, and for each
//! counted field a page for every value; the same for each language of the interface that records
//! are in. Every record is at most three links away from the first page. Knows the finished index,
//! which it asks for its records; `page` writes HTML, `letters` puts titles in order, `texts` has
//! the words. Never looks at a file.

mod letters;
mod page;
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use speir::{Hit, Index, IndexError, MANIFEST_NAME, Query, Step, Value, memory, schema};

use letters::Alphabet;
use page::{Group, Item, Link, Nav, Sheet};
use texts::Texts;

/// The folder of the pages in the published folder.
pub(crate) const FOLDER: &str = "browse";

/// So many records have pages unless the settings say otherwise.
pub(crate) const MAX_BY_ITSELF: usize = 5000;

/// Records on a page: few enough for an old phone, and to look through.
const PAGE_RECORDS: usize = 200;

/// So many records need no pages by letter: they all stand on the first page.
const FIRST_PAGE_RECORDS: usize = 100;

/// A field with more values than this has no pages of them: nobody looks through such a list.
const MAX_VALUES: usize = 500;

/// Records that are asked for at once.
const BATCH: usize = 1000;

/// A file of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct File {
    /// Its name in the published folder, such as `browse/type/report.html`.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// What a publisher says about the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Whether there are any; by how many records there are, if not said.
    pub(crate) is_wanted: Option<bool>,
    /// The page that the lists are put into, with `{{content}}` where they go.
    pub(crate) template: Option<String>,
}

/// The fields of a record that its entry shows.
const SHOWN: [&str; 3] = ["organisations", "year", "type"];

/// A record's entry, and by what it is found.
struct Entry {
    title: String,
    lang: String,
    item: Item,
    /// By counted field, its values as shown.
    values: BTreeMap<String, Vec<String>>,
}

impl Entry {
    /// Whether its link leads to the same place from every page of the site.
    fn is_found_from_anywhere(&self) -> bool {
        let url = self.item.url.as_deref();
        let from_here = url.and_then(|url| page::href(url, ""));
        from_here.as_deref() == url
    }
}

/// The pages of a finished index; none where they are not wanted.
pub(crate) fn pages(files: &[speir::File], settings: &Settings) -> Result<Vec<File>, IndexError> {
    let manifest = files.iter().find(|file| file.name == MANIFEST_NAME);
    let manifest = manifest.map_or(&[][..], |file| &file.bytes);
    let n_records = Index::open(manifest)?.doc_count() as usize;
    if !settings.is_wanted.unwrap_or(n_records <= MAX_BY_ITSELF) || n_records == 0 {
        return Ok(Vec::new());
    }
    let opened = memory::open(files)?;
    let index = opened.index();
    let facets: Vec<String> = index
        .schema()
        .fields()
        .filter(|(_, field)| field.facet && field.name != "title")
        .map(|(_, field)| field.name.clone())
        .collect();
    let default_lang = texts::nearest(index.schema().default_lang());
    let mut langs = vec![default_lang];
    for (lang, n) in index.summary().languages {
        let known = texts::known(&lang).filter(|lang| !langs.contains(lang));
        langs.extend(known.filter(|_| n > 0));
    }
    let mut files = Vec::new();
    for lang in &langs {
        let folder = match *lang == default_lang {
            true => FOLDER.to_owned(),
            false => format!("{FOLDER}/{lang}"),
        };
        let site = Site {
            texts: texts::of(lang),
            alphabet: Alphabet::new(lang),
            depth: folder.split('/').count(),
            folder,
            template: settings.template.as_deref(),
            langs: &langs,
        };
        site.write(&entries(index, &facets, lang)?, &facets, &mut files);
    }
    files.push(File {
        name: format!("{FOLDER}/browse.css"),
        bytes: include_bytes!("browse.css").to_vec(),
    });
    Ok(files)
}

/// All records, in the order of the index, in the versions that readers of a language are shown.
fn entries(index: &Index, facets: &[String], lang: &str) -> Result<Vec<Entry>, IndexError> {
    let n_records = index.doc_count() as usize;
    let mut entries = Vec::with_capacity(n_records);
    while entries.len() < n_records {
        let query = Query::new("").lang(lang);
        let query = query.offset(entries.len()).limit(BATCH);
        let Step::Done(page) = index.search(&query.without_texts())? else {
            return Err(IndexError::Corrupt {
                what: "number of a chunk",
            });
        };
        if page.hits.is_empty() {
            break;
        }
        entries.extend(page.hits.into_iter().map(|hit| entry(hit, facets)));
    }
    Ok(entries)
}

fn entry(hit: Hit, facets: &[String]) -> Entry {
    let field = |name: &str| {
        let found = hit.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, value)| value)
    };
    let shown = |name: &str| -> Vec<String> {
        let items = field(name).into_iter().flat_map(Value::items);
        items.filter_map(in_words).collect()
    };
    let mut values = BTreeMap::new();
    for name in facets {
        let own = match name.as_str() {
            "lang" => langs(&hit.lang, field(schema::ALTERNATES)),
            name => shown(name),
        };
        if !own.is_empty() {
            values.insert(name.clone(), own);
        }
    }
    let downloads = field("downloads").into_iter().flat_map(Value::items);
    let item = Item {
        title: hit.title.clone(),
        url: hit.url.clone(),
        lang: hit.lang.clone(),
        facts: SHOWN.iter().flat_map(|name| shown(name)).collect(),
        downloads: downloads.filter_map(page::Download::of).collect(),
    };
    Entry {
        title: hit.title,
        lang: hit.lang,
        item,
        values,
    }
}

/// The languages of a record's versions; what has no title is a page elsewhere.
fn langs(own: &str, alternates: Option<&Value>) -> Vec<String> {
    let mut langs = vec![own.to_owned()];
    for version in alternates.into_iter().flat_map(Value::items) {
        let lang = version.get("lang").and_then(Value::as_words);
        let lang = lang.filter(|_| version.get("title").is_some());
        langs.extend(lang.map(str::to_owned));
    }
    langs
}

/// A single value as a reader is shown it; nothing for an object.
fn in_words(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.trim().to_owned()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::List(_) | Value::Object(_) => value.as_words().map(str::to_owned),
    }
}

/// The pages in one language of the interface.
struct Site<'a> {
    texts: &'static Texts,
    alphabet: Alphabet,
    folder: String,
    /// How many folders below the published one it lies.
    depth: usize,
    template: Option<&'a str>,
    /// All languages that have pages, the first one in the folder itself.
    langs: &'a [&'static str],
}

impl Site<'_> {
    fn write(&self, entries: &[Entry], facets: &[String], files: &mut Vec<File>) {
        let mut order: Vec<&Entry> = entries.iter().collect();
        order.sort_by(|one, other| self.alphabet.compare(&one.title, &other.title));
        let mut nav = Vec::new();
        let all: Vec<Group> = self.by_letter(&order);
        let groups = if entries.len() <= FIRST_PAGE_RECORDS {
            all
        } else {
            nav.push(self.letters(all, files));
            Vec::new()
        };
        let mut fields: Vec<Nav> = Vec::new();
        for field in facets {
            fields.extend(self.values(field, &order, files));
        }
        // The short lists first: a long one would push them out of sight.
        fields.sort_by_key(|nav| nav.links.len());
        nav.extend(fields);
        files.push(self.file(
            "index.html",
            0,
            &Sheet {
                title: self.texts.say("title").to_owned(),
                // Results link as records do, which from here would lead elsewhere.
                has_box: entries.iter().all(Entry::is_found_from_anywhere),
                nav: &nav,
                groups: &groups,
            },
        ));
    }

    /// Records under the letters with which their titles begin.
    fn by_letter(&self, order: &[&Entry]) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for entry in order {
            let letter = self.alphabet.letter(&entry.title);
            let name = letter.unwrap_or_else(|| self.texts.say("other").to_owned());
            // Titles that begin with no letter stand where the order has them, before all others.
            if groups.last().is_none_or(|last| last.name != name) {
                groups.push(Group {
                    name,
                    items: Vec::new(),
                });
            }
            if let Some(last) = groups.last_mut() {
                last.items.push(self.item(entry));
            }
        }
        groups
    }

    /// An entry, with its language's name where that is another one than the page's.
    fn item(&self, entry: &Entry) -> Item {
        let mut item = entry.item.clone();
        if texts::known(&entry.lang) != Some(self.texts.lang) {
            item.facts.push(self.texts.language(&entry.lang));
        }
        item
    }

    /// Pages by letter, each of them on the first page.
    fn letters(&self, groups: Vec<Group>, files: &mut Vec<File>) -> Nav {
        let mut links = Vec::new();
        let mut names = Names::default();
        for group in groups {
            let slug = names.take(&group.name);
            let n_pages = group.items.len().div_ceil(PAGE_RECORDS);
            for (at, items) in group.items.chunks(PAGE_RECORDS).enumerate() {
                let (name, shown) = match at {
                    0 => (format!("letter/{slug}.html"), group.name.clone()),
                    _ => {
                        let number = at + 1;
                        let name = format!("letter/{slug}-{number}.html");
                        (name, format!("{} {number}", group.name))
                    }
                };
                let title = match n_pages {
                    1 => group.name.clone(),
                    _ => format!("{} ({}/{n_pages})", group.name, at + 1),
                };
                links.push(Link {
                    href: name.clone(),
                    shown,
                    ..Link::default()
                });
                let groups = [Group {
                    name: String::new(),
                    items: items.to_vec(),
                }];
                files.push(self.file(&name, 1, &self.sheet(title, &groups)));
            }
        }
        Nav {
            name: self.texts.say("letters").to_owned(),
            links,
            is_row: true,
        }
    }

    /// Pages by the values of a field; a value of one record leads to that at once.
    fn values(&self, field: &str, order: &[&Entry], files: &mut Vec<File>) -> Option<Nav> {
        let mut by_value: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in order {
            let own: BTreeSet<&str> = entry
                .values
                .get(field)
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect();
            for value in own {
                by_value.entry(value).or_default().push(entry);
            }
        }
        if by_value.is_empty() || by_value.len() > MAX_VALUES {
            return None;
        }
        let label = self.texts.field(field);
        let mut names = Names::default();
        let mut links = Vec::new();
        let field_folder = Names::default().take(field);
        let mut values: Vec<(&str, Vec<&Entry>)> = by_value.into_iter().collect();
        values.sort_by(|(one, _), (other, _)| self.alphabet.compare(one, other));
        for (value, own) in values {
            let shown = match field {
                "lang" => self.texts.language(value),
                _ => value.to_owned(),
            };
            if let [only] = own.as_slice()
                && let Some(href) = self.href(only)
            {
                links.push(Link {
                    before: shown,
                    href,
                    shown: only.title.clone(),
                    count: None,
                });
                continue;
            }
            let slug = names.take(value);
            let n_pages = own.len().div_ceil(PAGE_RECORDS);
            let mut first = String::new();
            for (at, part) in own.chunks(PAGE_RECORDS).enumerate() {
                let page_name = |at: usize| match at {
                    0 => format!("{slug}.html"),
                    _ => format!("{slug}-{}.html", at + 1),
                };
                let name = format!("{field_folder}/{}", page_name(at));
                if at == 0 {
                    first.clone_from(&name);
                }
                let mut groups = self.by_letter(part);
                // A few records need no headings between them.
                if part.len() <= FIRST_PAGE_RECORDS / 4 {
                    let items = groups.drain(..).flat_map(|group| group.items).collect();
                    groups = vec![Group {
                        name: String::new(),
                        items,
                    }];
                }
                let title = format!("{label}: {shown}");
                let mut sheet = self.sheet(title.clone(), &groups);
                let pages = (0..n_pages).map(|at| Link {
                    href: page_name(at),
                    shown: (at + 1).to_string(),
                    ..Link::default()
                });
                let more = [Nav {
                    name: title,
                    links: pages.collect(),
                    is_row: true,
                }];
                if n_pages > 1 {
                    sheet.nav = &more;
                }
                files.push(self.file(&name, 1, &sheet));
            }
            links.push(Link {
                href: first,
                shown,
                count: Some(own.len()),
                ..Link::default()
            });
        }
        Some(Nav {
            name: label,
            links,
            is_row: false,
        })
    }

    /// The link of a record, from the first page.
    fn href(&self, entry: &Entry) -> Option<String> {
        let url = entry.item.url.as_deref()?;
        page::href(url, &"../".repeat(self.depth))
    }

    fn sheet<'s>(&self, title: String, groups: &'s [Group]) -> Sheet<'s> {
        Sheet {
            title,
            groups,
            ..Sheet::default()
        }
    }

    /// A page that lies so many folders below those of its language.
    fn file(&self, name: &str, depth: usize, sheet: &Sheet<'_>) -> File {
        let whole = format!("{}/{name}", self.folder);
        let up = "../".repeat(self.depth + depth);
        let first = self.langs.first().copied().unwrap_or("en");
        let versions: Vec<(&str, String)> = if name == "index.html" && self.langs.len() > 1 {
            let version = |lang: &&'static str| {
                let folder = if *lang == first { "" } else { *lang };
                let slash = if folder.is_empty() { "" } else { "/" };
                (*lang, format!("{up}{FOLDER}/{folder}{slash}index.html"))
            };
            self.langs.iter().map(version).collect()
        } else {
            Vec::new()
        };
        let place = page::Place {
            up: &up,
            home: &"../".repeat(depth),
            versions: &versions,
        };
        File {
            name: whole,
            bytes: page::html(sheet, &place, self.texts, self.template).into_bytes(),
        }
    }
}

/// Names of files in a folder, none given twice.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// A name made of a value: small letters, digits and hyphens; a number where it has none of these,
    /// or another value has the name.
    fn take(&mut self, value: &str) -> String {
        /// Longer names are cut: some hosts limit the length of a path.
        const MAX_LETTERS: usize = 60;
        let mut slug = String::new();
        for letter in letters::plain(value).chars() {
            if letter.is_ascii_alphanumeric() {
                slug.push(letter.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
            if slug.len() >= MAX_LETTERS {
                break;
            }
        }
        let slug = slug.trim_end_matches('-');
        let slug = if slug.is_empty() { "value" } else { slug };
        // `index` is the page of the folder itself, and a number at the end may be a further page.
        let mut name = slug.to_owned();
        let mut n = 1;
        while name == "index" || is_further_page(&name) || self.0.contains(&name) {
            n += 1;
            name = format!("{slug}-x{n}");
        }
        self.0.insert(name.clone());
        name
    }
}

/// Whether a name may be that of a further page of another value: `guidance-2`.
fn is_further_page(name: &str) -> bool {
    let end = name.rsplit_once('-').map(|(_, end)| end);
    end.is_some_and(|end| end.bytes().all(|byte| byte.is_ascii_digit()) && end.len() <= 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use speir::{IndexBuilder, Record, Schema};

    fn index(records: impl IntoIterator<Item = Record>) -> Vec<speir::File> {
        let mut builder = IndexBuilder::new(Schema::default().lang("en"));
        for record in records {
            builder.add(&record).unwrap();
        }
        builder.finish().unwrap()
    }

    fn pages_of(records: impl IntoIterator<Item = Record>, settings: &Settings) -> Vec<File> {
        pages(&index(records), settings).unwrap()
    }

    fn many(n: usize) -> impl Iterator<Item = Record> {
        (0..n).map(|at| {
            let letter = char::from(b'A' + (at % 26) as u8);
            Record::new(at.to_string(), format!("{letter} guide {at}"))
                .url(format!("/guides/{at}/"))
                .field("type", ["report", "toolkit"][at % 2])
                .field("topics", ["Housing", "Health"])
        })
    }

    fn text(files: &[File], name: &str) -> String {
        let file = files.iter().find(|file| file.name == name);
        let file = file.unwrap_or_else(|| {
            let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            panic!("{name} is not among {names:?}")
        });
        String::from_utf8(file.bytes.clone()).unwrap()
    }

    /// The links of a page, without fragments, as they lie in the published folder.
    fn links(name: &str, html: &str) -> Vec<String> {
        let folder = name.rsplit_once('/').unwrap().0;
        let hrefs = html.split("href=\"").skip(1);
        let hrefs = hrefs.filter_map(|rest| rest.split_once('"').map(|(href, _)| href));
        hrefs
            .filter(|href| !href.starts_with('/') && !href.starts_with('#'))
            .map(|href| {
                let mut path: Vec<&str> = folder.split('/').collect();
                for part in href.split('/') {
                    match part {
                        ".." => drop(path.pop()),
                        "." | "" => {}
                        part => path.push(part),
                    }
                }
                path.join("/")
            })
            .collect()
    }

    #[test]
    fn every_record_is_at_most_three_links_away_and_no_link_is_dead() {
        for n in [3, 100, 101, 700] {
            let files = pages_of(many(n), &Settings::default());
            let names: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
            let mut reached: BTreeSet<String> = BTreeSet::new();
            let mut front = vec!["browse/index.html".to_owned()];
            for clicks in 1..=3 {
                let mut next = Vec::new();
                for name in front {
                    let html = text(&files, &name);
                    for at in 0..n {
                        if html.contains(&format!("href=\"/guides/{at}/\"")) {
                            reached.insert(at.to_string());
                        }
                    }
                    for link in links(&name, &html) {
                        let is_ours = link.starts_with("browse/");
                        assert!(!is_ours || names.contains(link.as_str()), "{name}: {link}");
                        if is_ours && link.ends_with(".html") {
                            next.push(link);
                        }
                    }
                }
                next.sort();
                next.dedup();
                front = next;
                if reached.len() == n {
                    assert!(clicks <= 3);
                    break;
                }
            }
            assert_eq!(reached.len(), n);
        }
    }

    #[test]
    fn large_catalogues_have_pages_by_choice_only() {
        assert!(pages_of(many(3), &Settings::default()).len() > 2);
        let unwanted = Settings {
            is_wanted: Some(false),
            ..Settings::default()
        };
        assert!(pages_of(many(3), &unwanted).is_empty());
    }

    #[test]
    fn values_have_pages_and_their_names_are_names_of_files() {
        let record =
            |id: &str, value: &str| Record::new(id, format!("Guide {id}")).field("type", value);
        let values = ["Report", "report!", "Guide 2", "Tŷ", "指南", "index", "a/b"];
        let records = values
            .iter()
            .flat_map(|value| [0, 1].map(|at| record(&format!("{value}{at}"), value)));
        let files = pages_of(records, &Settings::default());
        let names: Vec<&str> = files
            .iter()
            .filter_map(|file| file.name.strip_prefix("browse/type/"))
            .collect();
        assert_eq!(names.len(), values.len());
        let unique: BTreeSet<&&str> = names.iter().collect();
        assert_eq!(unique.len(), values.len());
        let is_plain = |name: &&str| {
            let stem = name.strip_suffix(".html").unwrap();
            stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && stem != "index"
        };
        assert!(names.iter().all(is_plain), "{names:?}");
        assert!(text(&files, "browse/index.html").contains("指南"));
    }

    #[test]
    fn a_language_of_records_has_pages_in_it_and_the_two_know_each_other() {
        let records = [
            Record::new("1", "Housing advice").lang("en").url("/en/"),
            Record::new("2", "Cyngor tai").lang("cy").url("/cy/"),
            Record::new("3", "Dyfalu").lang("xx").url("/xx/"),
        ];
        let files = pages_of(records, &Settings::default());
        let (english, welsh) = (
            text(&files, "browse/index.html"),
            text(&files, "browse/cy/index.html"),
        );
        assert!(english.contains("<html lang=\"en\""));
        assert!(welsh.contains("<html lang=\"cy\"") && welsh.contains("Pob adnodd"));
        assert!(english.contains("href=\"../browse/cy/index.html\" hreflang=\"cy\""));
        assert!(welsh.contains("href=\"../../browse/index.html\" hreflang=\"en\""));
        assert!(english.contains("lang=\"cy\"><bdi>Cyngor tai</bdi>"));
        assert!(!files.iter().any(|file| file.name.starts_with("browse/xx/")));
    }

    #[test]
    fn what_records_say_is_text_and_never_markup() {
        let record = Record::new("1", "<b>R&D</b> \"now\"")
            .url("javascript:alert(1)")
            .field("type", "<script>");
        let files = pages_of([record], &Settings::default());
        for file in files.iter().filter(|file| file.name.ends_with(".html")) {
            let html = String::from_utf8(file.bytes.clone()).unwrap();
            assert!(
                !html.contains("<b>") && !html.contains("<script>"),
                "{html}"
            );
            assert!(!html.contains("javascript:"), "{html}");
            assert!(html.contains("&lt;b&gt;R&amp;D&lt;/b&gt;"), "{html}");
        }
    }

    #[test]
    fn the_publishers_own_page_goes_round_the_lists() {
        let settings = Settings {
            template: Some(
                "<html lang=\"{{lang}}\"><title>{{title}} | Council</title>\
                 <link href=\"{{up}}site.css\"><main>{{content}}</main>"
                    .to_owned(),
            ),
            ..Settings::default()
        };
        let files = pages_of(many(3), &settings);
        let html = text(&files, "browse/type/report.html");
        assert!(html.starts_with("<html lang=\"en\"><title>Type: report | Council</title>"));
        assert!(html.contains("href=\"../../site.css\""));
        assert!(html.contains("A guide 0") && !html.contains("{{"));
    }
}
