//! Cuts a JSON array into its items while it is read, so that no file has to fit into memory.
//!
//! Knows where strings, objects and arrays end; whether an item is JSON, the caller asks. Anything out
//! of order is `Irregular` and no more: what is wrong, `json` finds by reading the file whole.

/// An item as it was cut out.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) bytes: Vec<u8>,
    pub(super) spot: ItemSpot,
}

/// Where an item begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ItemSpot {
    /// The line, from 1.
    pub(super) line: u64,
    /// The byte of the file at which the line begins.
    pub(super) line_start: u64,
    /// The byte of the file.
    pub(super) at: u64,
}

/// What follows is not how an array goes on.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Irregular;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    BeforeArray,
    /// Where the first item begins, or the array ends.
    First,
    /// Where another item begins, after a comma.
    Next,
    InItem,
    AfterArray,
}

/// Takes a file piece by piece and gives the items that end in each.
pub(super) struct Cutter {
    state: State,
    /// Objects and arrays of the item that are open.
    depth: usize,
    is_in_string: bool,
    is_escaped: bool,
    item: Vec<u8>,
    item_spot: ItemSpot,
    /// Where the next byte stands.
    here: ItemSpot,
}

impl Cutter {
    /// A cutter for what follows a byte of the file, which is its first but for a byte order mark.
    pub(super) fn new(at: u64) -> Cutter {
        Cutter {
            state: State::BeforeArray,
            depth: 0,
            is_in_string: false,
            is_escaped: false,
            item: Vec::new(),
            item_spot: ItemSpot::default(),
            here: ItemSpot {
                line: 1,
                line_start: at,
                at,
            },
        }
    }

    /// Takes the next bytes, and gives the next item that ends in them. Bytes that were read are taken
    /// off; without an item all are.
    pub(super) fn next(&mut self, bytes: &mut &[u8]) -> Result<Option<Item>, Irregular> {
        while let Some((&byte, rest)) = bytes.split_first() {
            *bytes = rest;
            let is_end = self.take(byte)?;
            self.here.at += 1;
            if byte == b'\n' {
                self.here.line += 1;
                self.here.line_start = self.here.at;
            }
            if is_end {
                let mut bytes = std::mem::take(&mut self.item);
                bytes.truncate(bytes.trim_ascii_end().len());
                return Ok(Some(Item {
                    bytes,
                    spot: self.item_spot,
                }));
            }
        }
        Ok(None)
    }

    /// Whether the array is over.
    pub(super) fn is_done(&self) -> bool {
        self.state == State::AfterArray
    }

    /// Takes a byte; true if an item ends before it.
    fn take(&mut self, byte: u8) -> Result<bool, Irregular> {
        let is_space = matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        match (self.state, byte) {
            (State::InItem, _) => return self.take_of_item(byte),
            _ if is_space => {}
            (State::BeforeArray, b'[') => self.state = State::First,
            (State::First, b']') => self.state = State::AfterArray,
            (State::First | State::Next, _) if !matches!(byte, b',' | b']' | b'}') => {
                self.state = State::InItem;
                self.item_spot = self.here;
                return self.take_of_item(byte);
            }
            _ => return Err(Irregular),
        }
        Ok(false)
    }

    fn take_of_item(&mut self, byte: u8) -> Result<bool, Irregular> {
        if self.is_in_string {
            self.is_in_string = self.is_escaped || byte != b'"';
            self.is_escaped = !self.is_escaped && byte == b'\\';
        } else {
            match byte {
                b'"' => self.is_in_string = true,
                b'{' | b'[' => self.depth += 1,
                b',' | b']' if self.depth == 0 => {
                    self.state = match byte {
                        b',' => State::Next,
                        _ => State::AfterArray,
                    };
                    return Ok(true);
                }
                b'}' | b']' => self.depth = self.depth.checked_sub(1).ok_or(Irregular)?,
                _ => {}
            }
        }
        self.item.push(byte);
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The items of a text that comes in pieces of so many bytes, each with its place.
    fn cut(text: &str, piece: usize) -> Result<Vec<String>, Irregular> {
        let mut cutter = Cutter::new(0);
        let mut found = Vec::new();
        for mut bytes in text.as_bytes().chunks(piece) {
            while let Some(item) = cutter.next(&mut bytes)? {
                let ItemSpot {
                    line,
                    line_start,
                    at,
                } = item.spot;
                let text = String::from_utf8(item.bytes).unwrap();
                found.push(format!("{line}:{line_start}:{at} {text}"));
            }
        }
        cutter.is_done().then_some(found).ok_or(Irregular)
    }

    #[track_caller]
    fn check(text: &str, expected: Result<&[&str], Irregular>) {
        let expected = expected.map(|items| items.iter().map(|item| (*item).to_owned()).collect());
        for piece in [1, 3, 1000] {
            assert_eq!(cut(text, piece), expected, "{text} in pieces of {piece}");
        }
    }

    #[test]
    fn items_end_where_no_string_or_object_is_open() {
        check("[]", Ok(&[]));
        check(
            " [\n 1 , {\"a\": [1, \"],\\\"\"]}\n] \n",
            Ok(&["2:3:4 1", "2:3:8 {\"a\": [1, \"],\\\"\"]}"]),
        );
        check("[\"\\\\\",\n\"é\"]", Ok(&["1:0:1 \"\\\\\"", "2:7:7 \"é\""]));
    }

    #[test]
    fn what_is_out_of_order_is_irregular() {
        for text in [
            "", "[", "[1", "[1,]", "[,1]", "[1,,2]", "[1]]", "[1] 2", "[1}]", "{}", "[\"a]",
        ] {
            check(text, Err(Irregular));
        }
    }
}
