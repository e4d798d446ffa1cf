//! What can be wrong with an XML file, in words.

use std::path::Path;

use super::MAX_DEPTH;
use super::counted::{MAX_ITEM_BYTES, TooLong};
use crate::problem::{Place, Problem, shorten};

/// A file that ends too soon.
pub(super) fn cut(path: &Path, line: u64) -> Problem {
    Problem::new(
        "xml",
        "the file ends in the middle: it was cut short",
        "check that the export finished, and run it again",
    )
    .at(Place::line(path, line))
}

/// Elements that stand too deep in each other.
pub(super) fn too_deep(path: &Path, line: u64) -> Problem {
    Problem::new(
        "xml",
        format!("more than {MAX_DEPTH} elements stand in each other"),
        "no export does that: look at the file around this line",
    )
    .at(Place::line(path, line))
}

/// What the parser found.
pub(super) fn wrong(path: &Path, line: u64, error: &quick_xml::Error) -> Problem {
    let problem = match error {
        quick_xml::Error::Io(error)
            if error.get_ref().is_some_and(|inner| inner.is::<TooLong>()) =>
        {
            Problem::new(
                "xml",
                format!("one item has more than {MAX_ITEM_BYTES} bytes"),
                "look for an end tag that is missing",
            )
        }
        quick_xml::Error::Io(error) => return Problem::io("read", path, error),
        quick_xml::Error::Encoding(_) => Problem::new(
            "not-utf-8",
            "a byte is not UTF-8 text, and the file names no other encoding",
            "export the file as UTF-8, or name its encoding in its first line: \
             <?xml version=\"1.0\" encoding=\"windows-1252\"?>",
        ),
        quick_xml::Error::Syntax(quick_xml::errors::SyntaxError::UnclosedTag) => {
            return cut(path, line);
        }
        error => Problem::new(
            "xml",
            format!(
                "the file is not well-formed XML: {}",
                shorten(&error.to_string(), 200)
            ),
            "look at the file around this line; if it was put together by hand, export it again",
        ),
    };
    problem.at(Place::line(path, line))
}
