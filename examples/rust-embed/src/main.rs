//! Builds an index in memory, searches it for the words on the command line, prints the hits.
//!
//! Knows the crate `speir` alone: no files, no network, no threads. Never writes an index out;
//! for that, see the end of [`build`].

use std::error::Error;

use speir::memory::{self, MemoryIndex};
use speir::{Field, File, IndexBuilder, Page, Query, Record, Schema, Section, Span};

fn main() -> Result<(), Box<dyn Error>> {
    let words = std::env::args().skip(1).collect::<Vec<_>>().join(" ");

    // An index is a list of named files. `open` checks each of them before it is read; a program
    // that searches one index many times opens it once and keeps it.
    let index = memory::open(&build()?)?;
    print(&search(&index, &words)?);
    Ok(())
}

/// From records to the files of an index.
fn build() -> Result<Vec<File>, Box<dyn Error>> {
    // The schema says what each field is for. The default one knows the usual keys (`title`,
    // `description`, `type`, `year`, `organisations` and more). Here one field of our own is
    // added: a word found in `audience` counts as much as one in running text, and results can be
    // filtered and counted by it.
    let schema = Schema::default().field(Field::new("audience").searched(1.0).facet());
    let mut builder = IndexBuilder::new(schema);

    // A record is an id, a title, and whatever else there is. A field may have several values, and
    // a field that is left out is simply not there: nothing need be filled in.
    builder.add(
        &Record::new("advice", "Housing advice for new tenants")
            .url("/advice/housing/")
            .field("type", "guide")
            .field("year", 2024)
            .field("audience", ["tenants", "landlords"])
            .field(
                "description",
                "What a landlord must repair, and how to ask for it.",
            ),
    )?;
    builder.add(
        &Record::new("english", "Learning English in the library")
            .url("/learning/english/")
            .field("type", "toolkit")
            .field("year", 2021)
            .field("audience", ["volunteers"])
            .field(
                "description",
                "Twelve sessions that begin with going to the doctor.",
            ),
    )?;

    // Sections have headings and anchors of their own. A hit in one of them comes back inside its
    // record's hit, with a link to the heading itself.
    builder.add(
        &Record::new("welcome", "Welcoming new neighbours")
            .url("/toolkit/")
            .field("type", "toolkit")
            .field(
                "description",
                "From the week before arrival to the end of the first year.",
            )
            .section(
                Section::new("Finding a house")
                    .number("2.1")
                    .anchor("finding-a-house")
                    .text("Walk through the home together and show where the water is turned off."),
            )
            .section(
                Section::new("Seeing a doctor")
                    .number("2.2")
                    .anchor("seeing-a-doctor")
                    .text("Register in the first week, and ask for an interpreter."),
            ),
    )?;

    // `finish` gives names and bytes. Written into a folder of a website, they are what a browser
    // searches; the manifest comes last, so that it never names a file that is not there yet.
    Ok(builder.finish()?)
}

/// What a person typed becomes a page of results. Nothing that a person types is an error: the
/// errors are an index that is damaged, or a program that asks for a field that is not there.
fn search(index: &MemoryIndex, words: &str) -> Result<Page, Box<dyn Error>> {
    // `house`, `houses` and `housing` have one stem, so each finds the others. Quotation marks
    // ask for a phrase, a minus sign shuts a word out, and no words at all ask for every record.
    let query = Query::new(words).facet("type").facet("audience").limit(5);
    Ok(index.search(&query)?)
}

/// Prints a page of results. What was found comes as spans, not as HTML, so every front end marks
/// it in its own way: here with square brackets.
fn print(page: &Page) {
    println!("{} found", page.total);
    for hit in &page.hits {
        println!("\n{}  (score {:.2})", marked(&hit.title_parts), hit.score);
        if let Some(url) = &hit.url {
            println!("  {url}");
        }
        println!("  {}", marked(&hit.excerpt));
        for section in &hit.sections {
            let number = section.number.as_deref().unwrap_or_default();
            let url = section.url.as_deref().unwrap_or_default();
            println!("  > {number} {}  {url}", section.heading);
        }
    }
    for (field, counts) in &page.facets {
        println!("\nby {field}");
        for bucket in counts {
            let value = match &bucket.value {
                Some(value) => value.as_words().unwrap_or_default(),
                // Records without a value have a bucket of their own.
                None => "(not stated)",
            };
            println!("  {value}: {}", bucket.count);
        }
    }
}

fn marked(spans: &[Span]) -> String {
    spans
        .iter()
        .map(|span| {
            if span.is_match {
                format!("[{}]", span.text)
            } else {
                span.text.clone()
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(words: &str) -> Vec<String> {
        let index = memory::open(&build().unwrap()).unwrap();
        search(&index, words)
            .unwrap()
            .hits
            .into_iter()
            .map(|hit| hit.title)
            .collect()
    }

    #[test]
    fn another_form_of_the_word_finds_the_title_first_and_the_section_after() {
        assert_eq!(
            titles("houses"),
            ["Housing advice for new tenants", "Welcoming new neighbours"]
        );
    }

    #[test]
    fn a_shut_out_word_takes_its_record_away() {
        assert_eq!(
            titles("doctor -interpreter"),
            ["Learning English in the library"]
        );
    }

    #[test]
    fn no_words_ask_for_every_record() {
        assert_eq!(titles("").len(), 3);
    }
}
