//! Identifiers: small whole numbers that cannot be mistaken for one another.
//!
//! Knows nothing else of ours. Never converts one kind of id into another.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The id as a position in a table.
            #[inline]
            pub const fn index(self) -> usize {
                self.0 as usize
            }

            /// The id for a position in a table, or `None` past `u32::MAX`.
            #[inline]
            pub fn from_index(index: usize) -> Option<$name> {
                u32::try_from(index).ok().map($name)
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

id! {
    /// A record's number in one index, from 0: its place in the order in which records were added, or the
    /// number that it had in the index that this one follows.
    DocId
}
id! {
    /// A field's number: its place in the [`Schema`](crate::Schema), from 0.
    FieldId
}
id! {
    /// A class of words that search treats as one (the forms of one stem), numbered in the order
    /// of the classes' first forms in the dictionary, but for those that came after it was published.
    TermId
}
id! {
    /// A published file of the index: its place in the manifest's list, from 0.
    ChunkId
}
