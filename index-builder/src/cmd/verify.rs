//! `speir verify`: every file there, every checksum right, every section decoded.
//!
//! Knows files. Goes on after the first damaged one, so that one run names them all.

use std::collections::BTreeSet;

use serde_json::json;

use super::{count, open, print, size};
use crate::args::VerifyArgs;
use crate::dir::DirError;
use crate::problem::Problem;

/// Checks an index.
pub(crate) fn run(args: &VerifyArgs) -> Result<(), Problem> {
    let mut index = open(&args.folder)?;
    let ids: Vec<_> = index.index().chunks().map(|(id, _)| id).collect();
    let damaged: Vec<DirError> = ids.iter().filter_map(|id| index.load(*id).err()).collect();
    let n_files = u64::from(index.index().summary().files) + 1;
    if !damaged.is_empty() {
        // Several chunks of one file.
        let reasons: BTreeSet<String> = damaged.iter().map(DirError::to_string).collect();
        let reasons: Vec<String> = reasons.into_iter().collect();
        return Err(Problem::new(
            "index-corrupt",
            format!(
                "{} of {} cannot be used:\n{}",
                reasons.len(),
                count(n_files, "file"),
                reasons.join("\n")
            ),
            "build the index again, or copy its folder again, whole",
        ));
    }
    index.index().verify().map_err(|error| {
        Problem::new(
            error.code(),
            format!("the checksums are right, but {error}"),
            "build the index again; if that does not help, report this as an error in speir",
        )
    })?;
    let n_records = index.index().doc_count();
    let n_bytes = index.n_bytes_read();
    print(|out| {
        if args.json {
            let object =
                json!({ "ok": true, "records": n_records, "files": n_files, "bytes": n_bytes });
            return writeln!(out, "{object}");
        }
        let (records, files) = (
            count(u64::from(n_records), "record"),
            count(n_files, "file"),
        );
        writeln!(out, "All is right: {records}, {files}, {}.", size(n_bytes))
    })
}
