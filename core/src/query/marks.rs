//! Which quotation marks and brackets of a typed text mean something, told before it is read.
//!
//! Knows letters alone; never looks at words. One pass, so that reading need not look ahead.

/// Most groups that stand within one another; deeper brackets are mere marks. No one nests so deep
/// by hand, and whoever walks the tree may do so by recursion.
pub(super) const MAX_GROUPS: usize = 16;

/// What stands at a byte of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A letter, or a mark that means nothing and need not.
    Plain,
    /// A quotation mark or bracket that has no partner, or stands too deep.
    Stray,
    /// A quotation mark with another one after it, which ends the phrase.
    PhraseOpen,
    /// An opening bracket whose closing one is a [`GroupClose`](Mark::GroupClose).
    GroupOpen,
    /// The end of a group.
    GroupClose,
}

/// A mark for each byte of a text. Cost: linear.
///
/// A bracket opens a group after a space, a colon, a minus that stands after a space, or another
/// one that does; brackets within quotation marks are part of the phrase.
pub(super) fn marks(text: &str) -> Vec<Mark> {
    let mut marks = vec![Mark::Plain; text.len()];
    let mut set = |at: usize, mark: Mark| {
        if let Some(slot) = marks.get_mut(at) {
            *slot = mark;
        }
    };
    // Brackets still open: where, and whether they may group.
    let mut open: Vec<(usize, bool)> = Vec::new();
    let mut n_groups = 0;
    let mut may_open = true;
    let mut before = ' ';
    let mut phrase_end = 0;
    for (at, letter) in text.char_indices() {
        if at < phrase_end {
            continue;
        }
        let opens = match letter {
            '(' => {
                let is_group = may_open && n_groups < MAX_GROUPS;
                if may_open && !is_group {
                    set(at, Mark::Stray);
                }
                n_groups += usize::from(is_group);
                open.push((at, is_group));
                is_group
            }
            ')' => {
                match open.pop() {
                    Some((start, true)) => {
                        n_groups -= 1;
                        set(start, Mark::GroupOpen);
                        set(at, Mark::GroupClose);
                    }
                    Some(_) => {}
                    None => set(at, Mark::Stray),
                }
                false
            }
            _ if is_quote(letter) => {
                let inner = at + letter.len_utf8();
                let rest = text.get(inner..).unwrap_or_default();
                match rest.char_indices().find(|(_, close)| is_quote(*close)) {
                    Some((len, close)) => {
                        set(at, Mark::PhraseOpen);
                        phrase_end = inner + len + close.len_utf8();
                    }
                    // There is no quotation mark after it, so this is looked for once.
                    None => set(at, Mark::Stray),
                }
                false
            }
            ':' => true,
            _ if is_minus(letter) => may_open && !is_minus(before),
            _ => letter.is_whitespace(),
        };
        may_open = opens;
        before = letter;
    }
    for (at, _) in open {
        set(at, Mark::Stray);
    }
    marks
}

/// Whether a letter leaves out what it stands before.
pub(super) fn is_minus(letter: char) -> bool {
    matches!(letter, '-' | '\u{2212}' | '\u{2013}')
}

/// Whether a letter begins or ends a phrase; any of them ends what another began.
pub(super) fn is_quote(letter: char) -> bool {
    matches!(
        letter,
        '"' | '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{00AB}' | '\u{00BB}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = marks(text).into_iter().map(|mark| match mark {
            Mark::Plain => '.',
            Mark::Stray => '!',
            Mark::PhraseOpen => '"',
            Mark::GroupOpen => '(',
            Mark::GroupClose => ')',
        });
        assert_eq!(found.collect::<String>(), expected, "{text}");
    }

    #[test]
    fn only_partners_mean_something() {
        check("(a)", "(.)");
        check("b(a)", "....");
        check("(b(a))", "(....)");
        check("-(a) --(a)", ".(.)......");
        check("x:(a)", "..(.)");
        check("((a)", "!(.)");
        check("a)", ".!");
        check("\"(\" (\"", "\"...!!");
        check(") (a ) )", "!.(..).!");
    }

    #[test]
    fn groups_that_stand_too_deep_are_mere_marks() {
        let deep = "(".repeat(MAX_GROUPS + 2) + &")".repeat(MAX_GROUPS + 2);
        let groups = "(".repeat(MAX_GROUPS) + "!." + ".." + &")".repeat(MAX_GROUPS);
        check(&deep, &groups);
    }
}
