//! Which language a text is in, by its script, its letters and its function words.
//!
//! For texts whose publisher did not say. Sure or silent: `None` unless one language leads clearly,
//! as a wrong language costs a reader more than none.
//! Knows the lists of `tables` and the words of `text`.

use super::function_words::is_function_word;
use super::tables::FUNCTION_WORDS;
use crate::table::{Table, hash};
use crate::text::prose;

/// Words looked at from the beginning of a text: more change no answer and cost time.
const MAX_WORDS: usize = 400;

/// Letters looked at from the beginning of a text: about as many as [`MAX_WORDS`] have.
const MAX_LETTERS: usize = 3000;

/// Fewest letters of a script that decide: below are single names and quotations.
const MIN_LETTERS: u32 = 8;

/// Fewest function words seen of the language that wins.
const MIN_HITS: u32 = 3;

/// Of so many words at least one must be a function word of the language that wins. In running text
/// of listed languages every second to fourth is; in other languages a few are so by chance.
const WORDS_PER_HIT: u32 = 6;

/// The winner's score against the second's, in percent. Related languages share words: Danish and
/// Norwegian, Spanish and Portuguese.
const LEAD_PERCENT: u32 = 130;

/// What a word counts that is in one list only; one in `n` lists counts an `n`th.
const WORD_WEIGHT: u32 = 60;

/// The scripts that are told apart. Some have more than one kind of letter that says something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Greek,
    Cyrillic,
    Arabic,
    Hebrew,
    Thai,
    Bengali,
    Gurmukhi,
    Ethiopic,
    Hangul,
    Kana,
    Han,
    Other,
}

/// How many [`Script`]s there are.
const N_SCRIPTS: usize = 13;

/// Tells the languages of one script apart.
type Tell = fn(&str) -> Option<&'static str>;

/// Tells languages. Knows in which lists each function word is, so that a word is looked up once and
/// not once a list.
pub(crate) struct Detector {
    table: Table,
    /// Each word that is in a list, and a bit for each of its lists.
    words: Vec<(&'static str, u64)>,
}

impl Detector {
    pub(crate) fn new() -> Detector {
        let mut detector = Detector {
            table: Table::default(),
            words: Vec::new(),
        };
        for (at, (_, words)) in FUNCTION_WORDS.iter().enumerate() {
            for word in *words {
                detector.add(word, at);
            }
        }
        detector
    }

    fn add(&mut self, word: &'static str, list: usize) {
        let hash = hash(word.as_bytes());
        let known = self.find(hash, word);
        if let Some((_, lists)) = known.and_then(|number| self.words.get_mut(number as usize)) {
            *lists |= 1 << list;
            return;
        }
        self.table.insert(hash, self.words.len() as u32);
        self.words.push((word, 1 << list));
    }

    fn find(&self, hash: u32, word: &str) -> Option<u32> {
        let is_word = |number: u32| {
            let known = self.words.get(number as usize);
            known.is_some_and(|(known, _)| *known == word)
        };
        self.table.find(hash, is_word)
    }

    /// The lists that hold a folded word, a bit for each.
    fn lists(&self, word: &str) -> u64 {
        let number = self.find(hash(word.as_bytes()), word);
        let found = number.and_then(|number| self.words.get(number as usize));
        found.map_or(0, |(_, lists)| *lists)
    }

    /// The language of a text as a primary subtag, or `None` unless it is clear.
    ///
    /// Languages: those with lists, and where the script tells, `he`, `th`, `bn`, `pa`, `ti`, `am`,
    /// `ko`, `ja`, `zh`, `fa`, `ur`. Norwegian is `no` or `nn`.
    /// Cost: linear in the text's beginning of [`MAX_WORDS`] words.
    pub(crate) fn detect(&self, text: &str) -> Option<&'static str> {
        detect(self, text)
    }
}

fn detect(detector: &Detector, text: &str) -> Option<&'static str> {
    let mut counts = [0_u32; N_SCRIPTS];
    for letter in text.chars().filter(|c| c.is_alphabetic()).take(MAX_LETTERS) {
        if let Some(count) = counts.get_mut(script(letter) as usize) {
            *count += 1;
        }
    }
    let count = |script: Script| counts.get(script as usize).copied().unwrap_or(0);
    let all: u32 = counts.iter().sum();
    // Two letters of three: names and brands stand in Latin letters in texts of every script.
    let rules = |n: u32| n >= MIN_LETTERS && n * 3 >= all * 2;
    let han_and_kana = count(Script::Han) + count(Script::Kana);
    if rules(han_and_kana) {
        // Japanese has kana between any two words; a Chinese text may quote a little.
        return match count(Script::Kana) * 100 / han_and_kana {
            0..=1 => Some("zh"),
            20.. => Some("ja"),
            _ => None,
        };
    }
    let by_script = [
        (Script::Greek, "el"),
        (Script::Hebrew, "he"),
        (Script::Thai, "th"),
        (Script::Gurmukhi, "pa"),
        (Script::Hangul, "ko"),
    ];
    if let Some((_, lang)) = by_script.iter().find(|(script, _)| rules(count(*script))) {
        return Some(lang);
    }
    if rules(count(Script::Latin)) {
        return by_words(detector, text);
    }
    let by_letters: [(Script, Tell); 4] = [
        (Script::Cyrillic, cyrillic),
        (Script::Arabic, arabic),
        (Script::Ethiopic, ethiopic),
        (Script::Bengali, bengali),
    ];
    let (_, told) = by_letters
        .iter()
        .find(|(script, _)| rules(count(*script)))?;
    told(text)
}

fn script(letter: char) -> Script {
    match letter as u32 {
        0x41..=0x24F | 0x1E00..=0x1EFF => Script::Latin,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
        0x400..=0x52F => Script::Cyrillic,
        0x590..=0x5FF => Script::Hebrew,
        0x600..=0x6FF | 0x750..=0x77F | 0xFB50..=0xFDFF | 0xFE70..=0xFEFF => Script::Arabic,
        0x980..=0x9FF => Script::Bengali,
        0xA00..=0xA7F => Script::Gurmukhi,
        0xE00..=0xE7F => Script::Thai,
        0x1100..=0x11FF | 0x3130..=0x318F | 0xAC00..=0xD7AF => Script::Hangul,
        0x1200..=0x139F => Script::Ethiopic,
        0x3041..=0x30FF | 0x31F0..=0x31FF => Script::Kana,
        0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF => Script::Han,
        _ => Script::Other,
    }
}

/// How many of a text's first letters are among `wanted`.
fn letters(text: &str, wanted: &str) -> u32 {
    let found = text
        .chars()
        .filter(|c| c.is_alphabetic())
        .take(MAX_LETTERS)
        .filter(|c| wanted.contains(*c));
    u32::try_from(found.count()).unwrap_or(u32::MAX)
}

/// Whether the first count is clear: seen often enough, and the second next to never.
fn clear(first: u32, second: u32) -> bool {
    first >= MIN_HITS && first >= second.saturating_mul(10)
}

/// Russian has ы and э, Ukrainian і, ї, є and ґ; a text with letters of neither is in a third.
fn cyrillic(text: &str) -> Option<&'static str> {
    let russian = letters(text, "ыэЫЭёЁ");
    let ukrainian = letters(text, "іїєґІЇЄҐ");
    let neither = letters(text, "ўјљњћђџқғүұөәіңһӣӯҷҳӢўЎЈЉЊЋЂЏҚҒҮҰӨӘҢҺѓќѕЃЌЅ") - letters(text, "і");
    if clear(russian, ukrainian + neither) {
        Some("ru")
    } else if clear(ukrainian, russian + neither) {
        Some("uk")
    } else {
        None
    }
}

/// Urdu and Persian have letters that Arabic has not; without them its function words must be there.
fn arabic(text: &str) -> Option<&'static str> {
    // Retroflexes, yeh barree and the heh of Urdu.
    let urdu = letters(text, "ٹڈڑےںہھ");
    let persian = letters(text, "پچژگکی");
    // Pashto, Sindhi, Uyghur and Kurdish have more of their own.
    let neither = letters(text, "ټډړږښګڼېۍئۆۈېەڕڵۇڭٻڀٿڄڃڇڍڊڌڦڳڱڻ") - letters(text, "ئ");
    let of_arabic = letters(text, "ةىيكأإ");
    if neither >= MIN_HITS && neither * 20 >= persian + urdu {
        None
    } else if clear(urdu, of_arabic) && urdu * 3 >= persian {
        Some("ur")
    } else if clear(persian, urdu + letters(text, "ةكى")) {
        Some("fa")
    } else if persian + urdu == 0 || clear(of_arabic, persian + urdu) {
        // Arabic writes `and`, `the`, `to` as parts of words: few function words stand alone.
        let (mut n_words, mut n_hits) = (0, 0);
        prose::read(text, |word| {
            n_words += 1;
            n_hits += u32::from(is_function_word("ar", word.folded));
            n_words < MAX_WORDS
        });
        (n_hits >= MIN_HITS).then_some("ar")
    } else {
        None
    }
}

/// Words that grammar needs in Tigrinya and are none of Amharic, folded.
const TIGRINYA: [&str; 16] = [
    "ናይ",
    "ካብ",
    "ኣብ",
    "ከም",
    "ናብ",
    "እዩ",
    "ድማ",
    "ወይ",
    "ምስ",
    "ነቲ",
    "እቲ",
    "እዚ",
    "ነዚ",
    "ኩሉ",
    "ኣለዎ",
    "ዝኾነ",
];

/// Words that grammar needs in Amharic and are none of Tigrinya, folded.
const AMHARIC: [&str; 16] = [
    "ነው",
    "እና",
    "ወይም",
    "ላይ",
    "ውስጥ",
    "አለው",
    "ይህ",
    "ግን",
    "ሁሉ",
    "እንደ",
    "ደግሞ",
    "ስለ",
    "ወደ",
    "እስከ",
    "ያለው",
    "ነበር",
];

/// Tigrinya writes the glottal ኣ and the spirants ቐ and ኸ where Amharic writes አ; and each has its
/// words.
fn ethiopic(text: &str) -> Option<&'static str> {
    let mut tigrinya = letters(text, "ኣቐቑቒቓቔቕቖኽኻኺ");
    let mut amharic = letters(text, "አኧ");
    let mut n_words = 0;
    prose::read(text, |word| {
        n_words += 1;
        tigrinya += u32::from(TIGRINYA.contains(&word.folded));
        amharic += u32::from(AMHARIC.contains(&word.folded));
        n_words < MAX_WORDS
    });
    if tigrinya >= MIN_HITS && tigrinya >= amharic * 2 {
        Some("ti")
    } else if amharic >= MIN_HITS && amharic >= tigrinya * 4 {
        Some("am")
    } else {
        None
    }
}

/// Assamese has its own ra and wa.
fn bengali(text: &str) -> Option<&'static str> {
    (letters(text, "ৰৱ") == 0).then_some("bn")
}

/// The language that most of a text's function words are of.
fn by_words(detector: &Detector, text: &str) -> Option<&'static str> {
    let mut n_words = 0_u32;
    // Score and number of words seen, in the order of the lists.
    let mut tallies = vec![(0_u32, 0_u32); FUNCTION_WORDS.len()];
    prose::read(text, |word| {
        n_words += 1;
        let mut lists = detector.lists(word.folded);
        let n_lists = lists.count_ones().max(1);
        while lists != 0 {
            if let Some((score, hits)) = tallies.get_mut(lists.trailing_zeros() as usize) {
                *score += WORD_WEIGHT / n_lists;
                *hits += 1;
            }
            lists &= lists - 1;
        }
        n_words < MAX_WORDS as u32
    });
    let (best, (score, hits)) = tallies
        .iter()
        .enumerate()
        .max_by_key(|(_, (score, _))| *score)?;
    let second = tallies
        .iter()
        .enumerate()
        .filter(|(at, _)| *at != best)
        .map(|(_, (score, _))| *score)
        .max()?;
    let is_clear = *hits >= MIN_HITS
        && hits * WORDS_PER_HIT >= n_words
        && score * 100 >= second * LEAD_PERCENT;
    let (lang, _) = FUNCTION_WORDS.get(best)?;
    is_clear.then_some(*lang)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(text: &str, lang: Option<&str>) {
        assert_eq!(Detector::new().detect(text), lang, "{text}");
    }

    #[test]
    fn function_words_tell_languages_in_latin_letters() {
        for (lang, text) in [
            (
                "en",
                "The council will tell you when the bins are collected in your street.",
            ),
            (
                "cy",
                "Bydd y cyngor yn dweud wrthych pryd y mae’r biniau yn cael eu casglu.",
            ),
            (
                "gd",
                "Innsidh a’ chomhairle dhut cuin a tha na bionaichean air an togail anns an t-sràid agad.",
            ),
            (
                "ga",
                "Inseoidh an chomhairle duit cathain a bheidh na boscaí á mbailiú i do shráid agus sa bhaile.",
            ),
            (
                "fr",
                "La mairie vous dira quand les poubelles sont ramassées dans votre rue.",
            ),
            (
                "de",
                "Die Gemeinde sagt Ihnen, wann die Tonnen in Ihrer Straße geleert werden.",
            ),
            (
                "es",
                "El ayuntamiento le dirá cuándo se recogen los contenedores de su calle.",
            ),
            (
                "it",
                "Il comune vi dirà quando i bidoni della vostra strada sono svuotati.",
            ),
            (
                "pt",
                "A câmara dir-lhe-á quando são recolhidos os contentores da sua rua.",
            ),
            (
                "nl",
                "De gemeente vertelt u wanneer de bakken in uw straat worden geleegd.",
            ),
            (
                "pl",
                "Urząd powie wam, kiedy są opróżniane pojemniki na waszej ulicy oraz czy to się zmieni.",
            ),
            (
                "tr",
                "Belediye size çöplerin hangi gün ve ne zaman toplandığını söyler, ama bu her sokak için aynı değildir.",
            ),
        ] {
            check(text, Some(lang));
        }
    }

    #[test]
    fn scripts_and_their_letters_tell_the_rest() {
        check("Ο δήμος θα σας πει πότε", Some("el"));
        check("העירייה תודיע לכם", Some("he"));
        check(
            "Совет сообщит вам, когда вывозят мусор, и это будет вовремя.",
            None,
        );
        check(
            "Мы сообщим вам, когда вывозят эти баки с вашей улицы.",
            Some("ru"),
        );
        check(
            "Ми повідомимо вам, коли вивозять ці баки з вашої вулиці.",
            Some("uk"),
        );
        check(
            "Општина ће вам рећи када се празне канте у вашој улици.",
            None,
        );
        check("ነዚ ቤት ጽሕፈት ናይ ሓበሬታ ድማ ናብ ካልእ", Some("ti"));
        check("ይህ ጽህፈት ቤት ስለ ትምህርት ነው ወይም ግን", Some("am"));
        check("市政府会告诉您什么时候收垃圾", Some("zh"));
        check("市役所はごみの収集日をお知らせします", Some("ja"));
        check("시청에서 쓰레기 수거일을 알려 드립니다", Some("ko"));
        check(
            "يخبركم المجلس عن الأيام التي تجمع فيها النفايات من هذا الشارع",
            Some("ar"),
        );
    }

    #[test]
    fn what_is_not_clear_is_not_told() {
        check("", None);
        check("Housing benefit", None);
        check("de la", None);
        check("12 345 — 67", None);
        check(
            "Speir 2.0 Lorem ipsum dolor sit amet consectetur adipiscing elit",
            None,
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_read_alike(text in "\\PC{0,200}") {
            prop_assert_eq!(Detector::new().detect(&text), Detector::new().detect(&text));
        }

        #[test]
        fn words_of_one_list_alone_are_of_that_language(
            list in 0..FUNCTION_WORDS.len(),
            picks in proptest::collection::vec(0..1000_usize, 30..60),
        ) {
            let (lang, words) = FUNCTION_WORDS[list];
            let text: Vec<&str> = picks.iter().map(|pick| words[pick % words.len()]).collect();
            let told = by_words(&Detector::new(), &text.join(" "));
            prop_assert!(told.is_none() || told == Some(lang), "{told:?} for {lang}");
        }
    }
}
