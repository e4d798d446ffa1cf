//! `speir inspect`: what is in an index, from its manifest and the sizes of its chunks.
//!
//! Knows counts and sizes.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Value as Json, json};
use speir::{ChunkInfo, Field, FieldKind, MANIFEST_NAME, Summary};

use super::{count, open, print, problem, size};
use crate::args::InspectArgs;
use crate::problem::Problem;

/// How many of the largest chunks are listed.
const LARGEST: usize = 5;

/// Prints what is in an index.
pub(crate) fn run(args: &InspectArgs) -> Result<(), Problem> {
    let mut index = open(&args.folder)?;
    index.load_all().map_err(problem)?;
    let n_manifest_bytes =
        fs::metadata(args.folder.join(MANIFEST_NAME)).map_or(0, |about| about.len());
    let index = index.index();
    let mut chunks: Vec<ChunkInfo> = index.chunks().map(|(_, chunk)| chunk).collect();
    chunks.sort_by(|a, b| {
        b.packed_len
            .cmp(&a.packed_len)
            .then_with(|| (&a.name, a.offset).cmp(&(&b.name, b.offset)))
    });
    let about = About {
        summary: index.summary(),
        fields: index
            .schema()
            .fields()
            .map(|(_, field)| field.clone())
            .collect(),
        default_lang: index.schema().default_lang().to_owned(),
        n_manifest_bytes,
        chunks,
    };
    if args.json {
        let object = about.to_json();
        return print(|out| writeln!(out, "{object}"));
    }
    print(|out| out.write_all(about.in_words().as_bytes()))
}

struct About {
    summary: Summary,
    fields: Vec<Field>,
    default_lang: String,
    n_manifest_bytes: u64,
    /// Largest first.
    chunks: Vec<ChunkInfo>,
}

impl About {
    fn n_bytes(&self) -> u64 {
        self.n_manifest_bytes + self.summary.packed_bytes
    }

    fn to_json(&self) -> Json {
        let languages: BTreeMap<&String, u32> = self
            .summary
            .languages
            .iter()
            .map(|(lang, n)| (lang, *n))
            .collect();
        json!({
            "records": self.summary.records,
            "terms": self.summary.terms,
            "words": self.summary.surfaces,
            "lang": self.default_lang,
            "languages": languages,
            "files": self.summary.files + 1,
            "chunks": self.summary.chunks,
            "bytes": self.n_bytes(),
            "manifestBytes": self.n_manifest_bytes,
            "fields": self.fields.iter().map(field_json).collect::<Vec<_>>(),
            "sections": self.summary.sections.iter().map(|section| json!({
                "name": section.name,
                "blocks": section.blocks,
                "rawBytes": section.raw_bytes,
            })).collect::<Vec<_>>(),
            "largestChunks": self.chunks.iter().take(LARGEST).map(|chunk| json!({
                "name": chunk.name,
                "bytes": chunk.packed_len,
            })).collect::<Vec<_>>(),
        })
    }

    fn in_words(&self) -> String {
        let summary = &self.summary;
        let mut lines = vec![
            format!("Records    {}", summary.records),
            format!(
                "Words      {} in {} classes",
                summary.surfaces, summary.terms
            ),
            format!(
                "Files      {}, {} (of which {MANIFEST_NAME} {}), in {}",
                summary.files + 1,
                size(self.n_bytes()),
                size(self.n_manifest_bytes),
                count(u64::from(summary.chunks), "chunk")
            ),
        ];
        let languages: Vec<String> = summary
            .languages
            .iter()
            .map(|(lang, n)| format!("{lang} {n}"))
            .collect();
        lines.push(format!(
            "Languages  {} (not stated: {})",
            languages.join(", "),
            self.default_lang
        ));
        lines.push("\nFields".to_owned());
        let width = self
            .fields
            .iter()
            .map(|field| field.name.chars().count())
            .max()
            .unwrap_or(0);
        for field in &self.fields {
            lines.push(format!(
                "  {:width$}  {}",
                field.name,
                uses(field).join(", ")
            ));
        }
        lines.push("\nSections before compression".to_owned());
        for section in &summary.sections {
            let blocks = count(u64::from(section.blocks), "block");
            lines.push(format!(
                "  {:10} {:>10}  {blocks}",
                section.name,
                size(section.raw_bytes)
            ));
        }
        lines.push("\nLargest chunks".to_owned());
        for chunk in self.chunks.iter().take(LARGEST) {
            lines.push(format!(
                "  {:>10}  {}",
                size(u64::from(chunk.packed_len)),
                chunk.name
            ));
        }
        lines.join("\n") + "\n"
    }
}

fn kind(field: &Field) -> &'static str {
    match field.kind {
        FieldKind::Text => "text",
        FieldKind::Number => "number",
        FieldKind::Date => "date",
    }
}

fn uses(field: &Field) -> Vec<String> {
    let mut uses = vec![kind(field).to_owned()];
    uses.extend(
        field
            .weight
            .map(|weight| format!("searched with weight {weight}")),
    );
    uses.extend(field.facet.then(|| "facet".to_owned()));
    uses.extend(field.sort.then(|| "sort".to_owned()));
    uses.extend(field.stored.then(|| "stored".to_owned()));
    uses
}

fn field_json(field: &Field) -> Json {
    json!({
        "name": field.name,
        "type": kind(field),
        "search": field.weight.is_some(),
        "weight": field.weight,
        "stored": field.stored,
        "facet": field.facet,
        "sort": field.sort,
    })
}
