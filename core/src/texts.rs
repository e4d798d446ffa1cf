//! Texts one behind the other: 8 bytes and its own for each, where a `String` takes 24 and a place on
//! the heap.
//!
//! Knows nothing of what they are.

/// From so many bytes on, room for more texts is made sparingly.
#[cfg(feature = "build")]
const MANY_BYTES: usize = 1 << 20;

/// Texts by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Texts {
    all: String,
    ends: Vec<usize>,
}

impl Texts {
    /// The text of a number, which is empty for a number that there is not.
    pub(crate) fn get(&self, number: usize) -> &str {
        let start = match number.checked_sub(1) {
            Some(before) => self.ends.get(before).copied().unwrap_or(0),
            None => 0,
        };
        let end = self.ends.get(number).copied().unwrap_or(start);
        self.all.get(start..end).unwrap_or_default()
    }

    /// Adds a text.
    pub(crate) fn push(&mut self, text: &str) {
        #[cfg(feature = "build")]
        self.make_room(text.len());
        self.all.push_str(text);
        self.ends.push(self.all.len());
    }

    /// By an eighth and not twice as much: of millions of texts half as much again would be lost.
    #[cfg(feature = "build")]
    fn make_room(&mut self, len: usize) {
        let is_full = self.all.capacity() - self.all.len() < len;
        if is_full && self.all.len() >= MANY_BYTES {
            self.all.reserve_exact(len + 64 + self.all.len() / 8);
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// All of them, in order.
    #[cfg(any(feature = "build", test))]
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|number| self.get(number))
    }
}

#[cfg(any(feature = "build", test))]
impl<T: AsRef<str>> FromIterator<T> for Texts {
    fn from_iter<I: IntoIterator<Item = T>>(given: I) -> Texts {
        let mut texts = Texts::default();
        given.into_iter().for_each(|text| texts.push(text.as_ref()));
        texts
    }
}
