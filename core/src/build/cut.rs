//! Cuts what was gathered into blocks, and writes the manifest.
//!
//! Knows the format. How large blocks become is `layout`'s, which file holds them is `pack`'s.

use crate::build::cards::Scales;
use crate::build::dictionary::{Dictionary, Lists};
use crate::build::invert::Inverter;
use crate::build::layout::{Amounts, Sizes};
use crate::build::numbers::Numbers;
use crate::build::pack::Packer;
use crate::build::published::Former;
use crate::build::scratch::Stored;
use crate::build::suggest::Suggestions;
use crate::build::workers::Workers;
use crate::build::{BuildOptions, File, beginnings, cards, related};
use crate::error::BuildError;
use crate::format::chunks::BlockEntry;
use crate::format::common::CommonWords;
use crate::format::manifest::{FieldTotals, Manifest};
use crate::format::{MANIFEST_NAME, Section};
use crate::ids::{DocId, FieldId};
use crate::schema::Schema;
use crate::table::Names;

/// All that was gathered from records.
pub(super) struct Gathered {
    pub(super) schema: Schema,
    pub(super) options: BuildOptions,
    pub(super) totals: Vec<FieldTotals>,
    pub(super) languages: Vec<(String, u32)>,
    pub(super) inverter: Inverter,
    /// In order of fields.
    pub(super) columns: Vec<(FieldId, Vec<u8>)>,
    pub(super) stored: Stored,
    pub(super) suggestions: Suggestions,
    /// Those of records, in the order of adding.
    pub(super) ids: Names,
    pub(super) pins: Vec<ResolvedPin>,
    pub(super) numbers: Numbers,
    /// The published index, if this one follows it.
    pub(super) former: Option<Former>,
}

/// A pin whose words and records are known.
pub(super) struct ResolvedPin {
    /// Each word with its class, where it has one.
    pub(super) words: Vec<(String, Option<u32>)>,
    pub(super) is_open: bool,
    pub(super) docs: Vec<DocId>,
}

/// A block before it has a place: what it begins with (see [`BlockEntry::first`]) and its bytes.
pub(super) struct Block {
    pub(super) first: u32,
    pub(super) bytes: Vec<u8>,
    /// The range of words whose file it lies in.
    pub(super) range: Option<u32>,
}

/// Makes the files of an index, the manifest last.
pub(super) fn cut(gathered: Gathered, workers: &dyn Workers) -> Result<Vec<File>, BuildError> {
    let Gathered {
        schema,
        options,
        totals,
        languages,
        mut inverter,
        columns,
        mut stored,
        pins,
        mut suggestions,
        ids,
        numbers,
        former,
    } = gathered;
    inverter.give_up_finding();
    let n_surfaces = inverter.surfaces.len() as u32;
    let n_terms = inverter.n_classes() as u32;

    // What was gathered of postings is given up once lists are encoded, so this comes first.
    let neighbours = if options.has_related {
        related::neighbours(&inverter, &schema, &totals, ids.len() as u32, workers)
    } else {
        Vec::new()
    };
    if options.has_suggestions {
        suggestions.add_words(&inverter, ids.len());
    }
    let mut lists = Lists::new(&mut inverter, &numbers, workers);
    stored.renumber(&numbers);
    let mut amounts = Amounts {
        n_docs: ids.len(),
        n_surfaces: inverter.surfaces.len(),
        stored: usize::try_from(stored.len_bytes()).unwrap_or(usize::MAX),
        columns: columns.iter().map(|(_, bytes)| bytes.len()).sum(),
        cards: 0,
    };
    let has_cards = options.cards > 0 && !Sizes::new(&options, &lists, &amounts).is_small;
    let scales = Scales::new(&schema, &totals);
    let (of_words, of_beginnings) = cards::budgets(stored.len_bytes(), &options);
    let mut lens = Vec::new();
    if has_cards {
        lens = stored.lens(numbers.order.end);
        cards::choose(
            &mut lists, &inverter, &scales, &lens, of_words, &options, workers,
        );
        amounts.cards = lists.cards_bytes(&stored);
    }
    let sizes = Sizes::new(&options, &lists, &amounts);
    let former = former.as_ref().filter(|_| !sizes.is_small);
    let firsts = |section| former.map_or_else(Vec::new, |former| former.firsts(section));
    // Where all is one file, lengths are told once a record and not once a posting.
    let mut lengths = Vec::new();
    if sizes.is_small {
        lengths.push(Block {
            first: 0,
            bytes: lists.give_lengths(totals.len(), numbers.order.end),
            range: None,
        });
    }
    let suggest = if options.has_suggestions {
        let published = firsts(Section::Suggest);
        suggestions.blocks(ids.texts(), sizes.suggest, &published, workers)
    } else {
        Vec::new()
    };
    let related = if options.has_related {
        let published = firsts(Section::Related);
        related::blocks(
            ids.texts(),
            &neighbours,
            &numbers,
            sizes.related,
            &published,
        )
    } else {
        Vec::new()
    };
    drop(ids);

    let mut dictionary = Dictionary::new(inverter, lists, &stored, sizes.words, former);
    if has_cards {
        let n_best = options.cards;
        let n_docs = numbers.order.n_docs;
        let chosen = beginnings::choose(
            &dictionary,
            &scales,
            &lens,
            n_docs,
            of_beginnings,
            n_best,
            workers,
        );
        dictionary.add_cards(chosen);
    }
    let mut packer = Packer::new(&options, sizes.is_small, former, workers);
    let mut blocks: [Vec<BlockEntry>; Section::COUNT] = Default::default();
    let term_blocks = place_words(
        &mut dictionary,
        &sizes,
        &mut stored,
        &mut packer,
        &mut blocks,
    )?;
    dictionary.give_up_lists();
    let columns = columns.into_iter().map(|(field, bytes)| Block {
        first: field.0,
        bytes,
        range: None,
    });
    place_all(
        Section::Columns,
        columns.collect(),
        &mut packer,
        &mut blocks,
    )?;
    // Stored records are taken in block by block, and never lie here all at once.
    stored.each_block(sizes.stored, &firsts(Section::Stored), |block| {
        place_all(Section::Stored, vec![block], &mut packer, &mut blocks)
    })?;
    // Where all of the dictionary is in one file, it is scanned whole for slips, and nothing has to be
    // fetched ahead.
    let mut ending_blocks = fst::MapBuilder::memory().into_map();
    let mut common = CommonWords::default();
    if !sizes.is_small {
        let published = former.map_or_else(Vec::new, |former| former.ends(Section::Endings));
        let (map, endings) = dictionary.endings(sizes.endings, &published);
        ending_blocks = map;
        place_all(Section::Endings, endings, &mut packer, &mut blocks)?;
        common = dictionary.common_words();
    }
    for (section, of_section) in [
        (Section::Pins, dictionary.pins(&pins, &numbers)),
        (Section::Suggest, plain_blocks(suggest)),
        (Section::Related, plain_blocks(related)),
        (Section::Lengths, lengths),
    ] {
        place_all(section, of_section, &mut packer, &mut blocks)?;
    }
    let (entries, chunks, mut files) = packer.finish(&mut blocks);
    let manifest = Manifest {
        schema,
        order: numbers.order,
        totals,
        languages,
        n_terms,
        n_surfaces,
        files: entries,
        chunks,
        blocks,
        term_blocks,
        ending_blocks,
        common,
        max_phrase_words: dictionary.max_phrase_words(),
    };
    files.push(File {
        name: MANIFEST_NAME.to_owned(),
        bytes: manifest.encode(),
    });
    Ok(files)
}

/// Places the words range by range, each with all that lies beside it, so that a finished range can be
/// compressed before the next one is made.
fn place_words(
    dictionary: &mut Dictionary,
    sizes: &Sizes,
    stored: &mut Stored,
    packer: &mut Packer<'_>,
    blocks: &mut [Vec<BlockEntry>; Section::COUNT],
) -> Result<fst::Map<Vec<u8>>, BuildError> {
    let (map, terms) = dictionary.blocks();
    for (range, block) in (0_u32..).zip(terms) {
        let postings = dictionary.posting_blocks(range, sizes.words.lone);
        let positions = dictionary.position_blocks(range, sizes.words.lone);
        let cards = dictionary.card_block(range, stored)?;
        for (section, of_range) in [
            (Section::Terms, vec![block]),
            (Section::Postings, postings),
            (Section::Positions, positions),
            (Section::Cards, cards.into_iter().collect()),
        ] {
            place_all(section, of_range, packer, blocks)?;
        }
    }
    Ok(map)
}

/// Places blocks of a section, in their order.
fn place_all(
    section: Section,
    from: Vec<Block>,
    packer: &mut Packer<'_>,
    blocks: &mut [Vec<BlockEntry>; Section::COUNT],
) -> Result<(), BuildError> {
    for block in from {
        let entry = packer.place(section, block)?;
        if let Some(to) = blocks.get_mut(section as usize) {
            to.push(entry);
        }
    }
    Ok(())
}

/// Blocks that were cut already.
fn plain_blocks(blocks: Vec<(u32, Vec<u8>)>) -> Vec<Block> {
    blocks
        .into_iter()
        .map(|(first, bytes)| Block {
            first,
            bytes,
            range: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::error::IndexError;
    use crate::format::chunks::unpack;
    use crate::format::manifest::Manifest;
    use crate::{File, Index, IndexBuilder, Pin, Query, Record, Schema, Step, Synonym};

    /// The index that FORMAT.md works through by hand.
    fn worked_example() -> Vec<File> {
        // A language without a list of function words, which would all stand in the dictionary.
        let mut builder = IndexBuilder::new(Schema::empty().lang("x-none"));
        builder
            .add(&Record::new("a", "Café for two").url("/a"))
            .unwrap();
        builder
            .add(&Record::new("b", "Cafe").field("n", 7))
            .unwrap();
        builder.synonym(Synonym::leads(["bistro"], ["cafe"]));
        builder.pin(Pin {
            pattern: "two *".to_owned(),
            id: "b".to_owned(),
        });
        builder.finish().unwrap()
    }

    /// The bytes of a fenced block of FORMAT.md: hexadecimal pairs up to a `;` on each line.
    fn hex_block(name: &str) -> Vec<u8> {
        let page = include_str!("../../FORMAT.md");
        let (_, rest) = page
            .split_once(&format!("```{name}\n"))
            .expect("the block is there");
        let (block, _) = rest.split_once("```").expect("the block ends");
        let digits = block
            .lines()
            .map(|line| line.split(';').next().unwrap_or_default());
        let pairs = digits.flat_map(str::split_whitespace);
        pairs
            .map(|pair| u8::from_str_radix(pair, 16).expect("a pair of digits"))
            .collect()
    }

    #[test]
    fn a_squeezed_index_holds_the_same_in_fewer_bytes() {
        let build = |squeezes| {
            let options = crate::BuildOptions {
                squeezes,
                ..crate::BuildOptions::default()
            };
            let mut builder = IndexBuilder::with_options(Schema::default(), options);
            for n in 0..40 {
                let text = format!("Advice number {n} on housing, work and learning English");
                let record = Record::new(n.to_string(), "Advice").field("body", text);
                builder.add(&record).unwrap();
            }
            builder.finish().unwrap()
        };
        let (usual, squeezed) = (build(false), build(true));
        assert!(squeezed[0].bytes.len() < usual[0].bytes.len());
        assert_eq!(unpack(&squeezed[0].bytes), unpack(&usual[0].bytes));
    }

    #[test]
    fn the_worked_example_of_the_format_page_decodes() {
        let manifest = Manifest::decode_binary(&hex_block("manifest")).unwrap();
        let chunks = ["chunk-0", "chunk-1", "chunk-2"].map(hex_block);
        let mut index = Index::open(&manifest.encode()).unwrap();
        let ids: Vec<_> = index.chunks().map(|(id, _)| id).collect();
        for (id, raw) in ids.into_iter().zip(chunks) {
            index.supply_unchecked(id, raw).unwrap();
        }
        index.verify().unwrap();
        let search = |query| {
            let Ok(Step::Done(page)) = index.search(&Query::new(query)) else {
                panic!("not found")
            };
            page.hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>()
        };
        assert_eq!(search("cafe"), ["b", "a"], "the shorter title comes first");
        assert_eq!(search("two"), ["b", "a"], "what is pinned comes first");
        assert_eq!(search("bistro"), ["b", "a"], "a synonym leads to both");
    }

    #[test]
    fn the_worked_example_of_the_format_page_is_what_is_built() -> Result<(), IndexError> {
        let files = worked_example();
        let manifest = Manifest::decode(&files.last().unwrap().bytes)?;
        let inflated: Vec<Vec<u8>> = files[..3]
            .iter()
            .map(|file| unpack(&file.bytes).unwrap().1)
            .collect();
        let dump = |bytes: &[u8]| {
            bytes
                .iter()
                .map(|b| format!("{b:02x} "))
                .collect::<String>()
        };
        assert_eq!(
            dump(&manifest.encode_binary()),
            dump(&hex_block("manifest"))
        );
        for (at, raw) in inflated.iter().enumerate() {
            assert_eq!(dump(raw), dump(&hex_block(&format!("chunk-{at}"))));
        }
        Ok(())
    }
}
