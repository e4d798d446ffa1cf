//! How many slips of the pen lie between two words: insertions, deletions, substitutions and swaps
//! of neighbouring letters.
//!
//! Bit-parallel: H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit
//! distances", Nordic Journal of Computing 10(1), 2003, figures 3 and 5. One word is fixed, and each
//! letter of the other is one step on four machine words, so that a state is 40 bytes and words that
//! begin alike, as they lie in a dictionary, share the steps of what they share. The same answers as
//! parametric tables (Schulz and Mihov, 2002) give, which cost a table of 2 to 5 KB in the browser and
//! a look-up a letter; this is 0.6 KB of code.
//!
//! The distance is that of "optimal string alignment": a swap is one slip, and no letter is touched
//! twice. Knows words only.

/// Longest word whose slips are counted, in letters: one bit each.
pub const MAX_LETTERS: usize = 64;

/// Fewest letters of a word in which one slip is allowed for: below, almost any word is near any
/// other.
const ONE_SLIP_LETTERS: usize = 5;

/// Fewest letters of a word in which two slips are allowed for.
const TWO_SLIPS_LETTERS: usize = 9;

/// How many slips a word of so many letters is allowed: none up to 4 letters, one from 5, two from 9.
///
/// These are the budgets of Meilisearch, by its documentation of typo tolerance.
pub fn budget(n_letters: usize) -> u32 {
    match n_letters {
        0..ONE_SLIP_LETTERS => 0,
        ONE_SLIP_LETTERS..TWO_SLIPS_LETTERS => 1,
        TWO_SLIPS_LETTERS..=MAX_LETTERS => 2,
        _ => 0,
    }
}

/// The state after some letters of the other word.
#[derive(Clone, Copy)]
struct State {
    /// Where the column of the distance table rises, and where it falls, by a bit a letter.
    up: u64,
    down: u64,
    /// Which diagonals stayed equal in the last step, for swaps.
    same: u64,
    /// Where the last letter stands in the word.
    matches: u64,
    /// The last value of the column: the distance to the whole word.
    distance: u32,
    letter: char,
}

/// A word, and how far others are from it. Others are told letter by letter, and from any letter on
/// that the one before had too.
pub struct Slips {
    letters: Vec<char>,
    budget: u32,
    /// By number of letters of the other word.
    states: Vec<State>,
    /// How many of the states hold a word that may still come within the budget.
    n_alive: usize,
}

impl Slips {
    /// Counts slips from a word, up to a budget. A word of no letters, or of more than
    /// [`MAX_LETTERS`], is near to none.
    pub fn new(word: &str, budget: u32) -> Slips {
        let letters: Vec<char> = word.chars().collect();
        let n_letters = letters.len();
        let is_usable = n_letters > 0 && n_letters <= MAX_LETTERS;
        let start = State {
            up: u64::MAX,
            down: 0,
            same: 0,
            matches: 0,
            distance: n_letters as u32,
            letter: '\0',
        };
        Slips {
            letters: if is_usable { letters } else { Vec::new() },
            budget,
            states: vec![start],
            n_alive: usize::from(is_usable),
        }
    }

    /// The distance to another word, or `None` beyond the budget.
    ///
    /// Cost: a step for each letter from the first that differs from the word asked about before.
    pub fn distance(&mut self, other: &str) -> Option<u32> {
        if self.letters.is_empty() {
            return None;
        }
        let mut n_letters = 0;
        for letter in other.chars() {
            n_letters += 1;
            match self.states.get(n_letters) {
                Some(state) if state.letter == letter => {}
                _ => {
                    self.states.truncate(n_letters);
                    self.n_alive = self.n_alive.min(n_letters);
                    if self.n_alive < n_letters {
                        return None;
                    }
                    let next = self.step(letter)?;
                    self.states.push(next);
                    if self.lowest(&next, n_letters) <= self.budget {
                        self.n_alive = n_letters + 1;
                    }
                }
            }
            if self.n_alive <= n_letters {
                return None;
            }
        }
        let distance = self.states.get(n_letters)?.distance;
        (distance <= self.budget).then_some(distance)
    }

    /// One column of the table further.
    fn step(&self, letter: char) -> Option<State> {
        let before = self.states.last()?;
        let mut matches = 0_u64;
        for (at, known) in self.letters.iter().enumerate() {
            if *known == letter {
                matches |= 1 << at;
            }
        }
        let swaps = ((!before.same & matches) << 1) & before.matches;
        let same = (((matches & before.up).wrapping_add(before.up)) ^ before.up)
            | matches
            | before.down
            | swaps;
        let right_up = before.down | !(same | before.up);
        let right_down = same & before.up;
        let last = 1_u64 << (self.letters.len() - 1);
        let distance =
            before.distance + u32::from(right_up & last != 0) - u32::from(right_down & last != 0);
        let shifted = right_up << 1 | 1;
        Some(State {
            up: right_down << 1 | !(same | shifted),
            down: shifted & same,
            same,
            matches,
            distance,
            letter,
        })
    }

    /// The lowest value of a column: what the distance cannot fall below, but for a swap at the end,
    /// which may still take one off.
    fn lowest(&self, state: &State, n_letters: usize) -> u32 {
        let (mut value, mut lowest) = (n_letters as u32, n_letters as u32);
        for at in 0..self.letters.len() {
            value = value + (state.up >> at & 1) as u32 - (state.down >> at & 1) as u32;
            lowest = lowest.min(value);
        }
        lowest.saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The table itself: optimal string alignment, cell by cell.
    fn plain(a: &str, b: &str) -> u32 {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut table = vec![vec![0_u32; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = match (i, j) {
                    (0, _) => j as u32,
                    (_, 0) => i as u32,
                    _ => {
                        let other = u32::from(a[i - 1] != b[j - 1]);
                        let mut least = (table[i - 1][j - 1] + other)
                            .min(table[i - 1][j] + 1)
                            .min(table[i][j - 1] + 1);
                        if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                            least = least.min(table[i - 2][j - 2] + 1);
                        }
                        least
                    }
                };
            }
        }
        table[a.len()][b.len()]
    }

    #[test]
    fn the_slips_of_one_word() {
        for (typed, slips) in [
            ("ownership", Some(0)),
            ("onwership", Some(1)),
            ("wonership", Some(1)),
            ("ownreship", Some(1)),
            ("0wnership", Some(1)),
            ("ownerships", Some(1)),
            ("onwreship", Some(2)),
            ("ownrshp", Some(2)),
            ("wnrship", Some(2)),
            ("wnrshp", None),
            ("", None),
        ] {
            assert_eq!(Slips::new("ownership", 2).distance(typed), slips, "{typed}");
        }
        assert_eq!(Slips::new("", 2).distance(""), None);
        assert_eq!(
            Slips::new(&"a".repeat(65), 2).distance(&"a".repeat(65)),
            None
        );
        assert_eq!(
            Slips::new(&"a".repeat(64), 2).distance(&"a".repeat(63)),
            Some(1)
        );
    }

    #[test]
    fn budgets_grow_with_the_word() {
        let budgets = [4, 5, 8, 9, 64, 65].map(budget);
        assert_eq!(budgets, [0, 1, 1, 2, 2, 0]);
    }

    proptest! {
        #[test]
        fn distances_are_those_of_the_table(
            word in "[abcé]{1,8}",
            mut others in proptest::collection::vec("[abcé]{0,9}", 1..30),
            budget in 0_u32..4,
            is_sorted: bool,
        ) {
            if is_sorted {
                others.sort();
            }
            let mut slips = Slips::new(&word, budget);
            for other in &others {
                let expected = Some(plain(&word, other)).filter(|distance| *distance <= budget);
                prop_assert_eq!(slips.distance(other), expected, "{} and {}", &word, other);
            }
        }
    }
}
