//! `speir related`: the records most like a given one.
//!
//! Knows why there may be none. Which records are alike, the core found out when it built the index.

use serde_json::json;
use speir::Query;

use super::ask::{self, nfc};
use super::search::show;
use super::{has_section, open, print, problem};
use crate::args::RelatedArgs;
use crate::problem::{Problem, plain};

/// Looks for the record and prints those like it.
pub(crate) fn run(args: &RelatedArgs) -> Result<(), Problem> {
    let mut index = open(&args.folder)?;
    if !has_section(&index, "related") {
        return Err(Problem::new(
            "no-related",
            "the index was built without related records",
            "take `related = false` out of speir.toml, and build it again",
        ));
    }
    let lang = args.lang.as_deref();
    let mut id = nfc(&args.record);
    let mut page = index.related(&id, args.limit, lang).map_err(problem)?;
    if page.hits.is_empty() {
        // It may stand alone, be named by its link, or not be there: all records are looked through.
        let everything = Query::new("").without_texts();
        let (found, _) = ask::find(&mut index, &everything, &args.record)?;
        let Some(found) = found else {
            return Err(super::no_such_record(&args.record));
        };
        if found.hit.id != id {
            id = found.hit.id;
            page = index.related(&id, args.limit, lang).map_err(problem)?;
        }
    }
    if args.json {
        let object = json!({ "id": id, "hits": page.hits });
        return print(|out| writeln!(out, "{object}"));
    }
    print(|out| {
        if page.hits.is_empty() {
            return writeln!(out, "No record is like {}.", plain(&id));
        }
        writeln!(out, "Most like {}:", plain(&id))?;
        show::hits(out, &page, 0)
    })
}
