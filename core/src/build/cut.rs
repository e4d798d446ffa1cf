//! Cuts what was gathered into blocks, packs blocks into chunks, and writes the manifest.
//!
//! Knows the format. Decides which file holds what; BuildOptions says how large things get.

use std::collections::BTreeSet;

use crate::build::dictionary::Dictionary;
use crate::build::invert::Inverter;
use crate::build::scratch::Stored;
use crate::build::suggest::Suggestions;
use crate::build::workers::{self, Workers};
use crate::build::{BuildOptions, File, related};
use crate::error::BuildError;
use crate::format::bytes::checksum;
use crate::format::common::CommonWords;
use crate::format::manifest::{
    BlockEntry, ChunkEntry, FieldTotals, MAX_CHUNK_BYTES, Manifest, chunk_label, hex,
};
use crate::format::{MANIFEST_NAME, Section, postings};
use crate::ids::{ChunkId, DocId, FieldId, TermId};
use crate::schema::Schema;
use crate::table::Names;

/// Deflate's effort: miniz_oxide's best, 1% smaller than its usual 6.
const DEFLATE_LEVEL: u8 = 10;

/// Bytes of chunks that wait until they are compressed together.
const RAW_BYTES: usize = 16 << 20;

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
    /// Those of records, by their numbers.
    pub(super) ids: Names,
    pub(super) pins: Vec<ResolvedPin>,
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
}

/// Makes the files of an index, the manifest last.
pub(super) fn cut(gathered: Gathered, workers: &dyn Workers) -> Result<Vec<File>, BuildError> {
    let Gathered {
        schema,
        options,
        totals,
        languages,
        inverter,
        columns,
        mut stored,
        pins,
        suggestions,
        ids,
    } = gathered;
    let n_docs = ids.len() as u32;
    let n_surfaces = inverter.surfaces.len() as u32;
    let n_terms = inverter.classes.len() as u32;

    let suggest = if options.has_suggestions {
        suggestions.blocks(&inverter, ids.texts(), options.suggest_bytes, workers)
    } else {
        Vec::new()
    };
    let related = if options.has_related {
        let neighbours = related::neighbours(&inverter, &schema, &totals, n_docs, workers);
        let ids = ids.texts().iter().zip((0..n_docs).map(DocId));
        related::blocks(ids, neighbours, options.related_bytes)
    } else {
        Vec::new()
    };

    let mut dictionary = Dictionary::new(inverter, options.terms_bytes, workers);
    let (term_blocks, terms) = dictionary.blocks();
    let mut sections: [Vec<Block>; Section::COUNT] = [
        terms,
        dictionary.posting_blocks(options.postings_bytes, options.max_blocks),
        dictionary.position_blocks(options.positions_bytes, options.max_blocks),
        columns
            .into_iter()
            .map(|(field, bytes)| Block {
                first: field.0,
                bytes,
            })
            .collect(),
        Vec::new(),
        Vec::new(),
        dictionary.pins(&pins),
        plain_blocks(suggest),
        plain_blocks(related),
    ];

    // Many stored records are taken in block by block, and never lie here all at once.
    let has_many_stored = stored.len_bytes() > options.small_bytes as u64;
    if let Some(section) = sections.get_mut(Section::Stored as usize)
        && !has_many_stored
    {
        stored.each_block(options.stored_bytes, |block| {
            section.push(block);
            Ok(())
        })?;
    }
    let mut packer = Packer::new(&options, &sections, has_many_stored, workers);
    // Where all of the dictionary is in one file, it is scanned whole for slips, and nothing has to be
    // fetched ahead.
    let mut ending_blocks = fst::MapBuilder::memory().into_map();
    let mut common = CommonWords::default();
    if !packer.is_small {
        let (map, endings) = dictionary.endings(options.endings_bytes);
        ending_blocks = map;
        if let Some(section) = sections.get_mut(Section::Endings as usize) {
            *section = endings;
        }
        common = dictionary.common_words();
    }
    let mut blocks: [Vec<BlockEntry>; Section::COUNT] = Default::default();
    for ((section, from), to) in Section::ALL.into_iter().zip(sections).zip(&mut blocks) {
        for block in from {
            to.push(packer.place(section, block)?);
        }
        if section == Section::Stored && has_many_stored {
            stored.each_block(options.stored_bytes, |block| {
                to.push(packer.place(section, block)?);
                Ok(())
            })?;
        }
    }
    let (chunks, mut files) = packer.finish(&blocks);
    let manifest = Manifest {
        schema,
        n_docs,
        totals,
        languages,
        n_terms,
        n_surfaces,
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

/// Cuts lists into blocks: of a size, or as much larger as it takes to have no more than so many. A
/// list longer than a block has a block of its own.
pub(super) fn list_blocks<'a>(
    lists: &[(TermId, &'a [u8])],
    block_bytes: usize,
    max_blocks: usize,
) -> Vec<Block> {
    let all: usize = lists.iter().map(|(_, bytes)| bytes.len()).sum();
    let block_bytes = block_bytes.max(all / max_blocks.max(1));
    let mut blocks = Vec::new();
    let mut held: Vec<(TermId, &[u8])> = Vec::new();
    let mut size = 0;
    let mut flush = |held: &mut Vec<(TermId, &'a [u8])>| {
        if let Some((first, _)) = held.first() {
            blocks.push(Block {
                first: first.0,
                bytes: postings::encode_block(held),
            });
            held.clear();
        }
    };
    for &(term, bytes) in lists {
        if size + bytes.len() > block_bytes {
            flush(&mut held);
            size = 0;
        }
        size += bytes.len() + 3;
        held.push((term, bytes));
    }
    flush(&mut held);
    blocks
}

/// Blocks that were cut already.
fn plain_blocks(blocks: Vec<(u32, Vec<u8>)>) -> Vec<Block> {
    blocks
        .into_iter()
        .map(|(first, bytes)| Block { first, bytes })
        .collect()
}

/// Deflated by Zopfli, which tries many ways to cut a text into blocks (J. Alakuijala, L. Vandevenne,
/// "Data compression using Zopfli", 2013).
fn squeezed(raw: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let options = zopfli::Options::default();
    match zopfli::compress(options, zopfli::Format::Deflate, raw, &mut packed) {
        Ok(()) => packed,
        // Memory does not fail to be read or written to.
        Err(_) => miniz_oxide::deflate::compress_to_vec(raw, DEFLATE_LEVEL),
    }
}

/// Puts blocks into chunks, one section after the other.
struct Packer<'w> {
    workers: &'w dyn Workers,
    is_small: bool,
    targets: [usize; Section::COUNT],
    /// The bytes of each chunk, without those that were packed.
    chunks: Vec<Vec<u8>>,
    /// The first chunks, compressed.
    packed: Vec<(ChunkEntry, Vec<u8>)>,
    /// How many bytes wait to be compressed.
    n_raw_bytes: usize,
    /// The chunk that takes further blocks of its section.
    open: Option<(ChunkId, Section)>,
    /// The one chunk of a small index.
    shared: Option<ChunkId>,
    squeezes: bool,
}

impl<'w> Packer<'w> {
    fn new(
        options: &BuildOptions,
        sections: &[Vec<Block>; Section::COUNT],
        is_large: bool,
        workers: &'w dyn Workers,
    ) -> Packer<'w> {
        let first_search: usize = Section::ALL
            .into_iter()
            .zip(sections)
            .filter(|(section, _)| !section.is_apart())
            .flat_map(|(_, blocks)| blocks)
            .map(|block| block.bytes.len())
            .sum();
        Packer {
            squeezes: options.squeezes,
            workers,
            is_small: !is_large && first_search <= options.small_bytes,
            // Blocks are cut to size already, so that only columns still share.
            targets: [0, 0, 0, options.columns_bytes, 0, 0, 0, 0, 0],
            chunks: Vec::new(),
            packed: Vec::new(),
            n_raw_bytes: 0,
            open: None,
            shared: None,
        }
    }

    /// Appends a block to a chunk and says where it lies.
    fn place(&mut self, section: Section, block: Block) -> Result<BlockEntry, BuildError> {
        let limit = MAX_CHUNK_BYTES as usize;
        let too_large = || BuildError::TooLarge {
            what: "bytes of one chunk",
            limit: u64::from(MAX_CHUNK_BYTES),
        };
        let target = self.targets.get(section as usize).copied().unwrap_or(0);
        let open = self.open.filter(|(id, of)| {
            let held = self.chunks.get(id.index()).map_or(0, Vec::len);
            *of == section && (self.is_small || held + block.bytes.len() <= target)
        });
        let chunk = match (open, self.shared) {
            (Some((id, _)), _) => id,
            (None, Some(id)) if !section.is_apart() => id,
            _ => {
                // Only the chunk of a small index is ever gone back to.
                if self.n_raw_bytes >= RAW_BYTES && !self.is_small {
                    self.pack();
                }
                let id = ChunkId::from_index(self.chunks.len()).ok_or_else(too_large)?;
                self.chunks.push(Vec::new());
                if self.is_small && !section.is_apart() {
                    self.shared = Some(id);
                }
                id
            }
        };
        self.open = Some((chunk, section));
        self.n_raw_bytes += block.bytes.len();
        let bytes = self.chunks.get_mut(chunk.index()).ok_or_else(too_large)?;
        let offset = bytes.len() as u32;
        bytes.extend_from_slice(&block.bytes);
        if bytes.len() > limit {
            return Err(too_large());
        }
        Ok(BlockEntry {
            chunk,
            offset,
            len: block.bytes.len() as u32,
            first: block.first,
        })
    }

    /// Compresses the chunks that are not yet.
    fn pack(&mut self) {
        let done = self.packed.len();
        let waiting = self.chunks.get(done..).unwrap_or_default();
        let packed = workers::map(self.workers, waiting.len(), |at| {
            let raw = waiting.get(at).map_or(&[][..], Vec::as_slice);
            let packed = if self.squeezes && self.shared == ChunkId::from_index(done + at) {
                squeezed(raw)
            } else {
                miniz_oxide::deflate::compress_to_vec(raw, DEFLATE_LEVEL)
            };
            let entry = ChunkEntry {
                packed_checksum: checksum(&packed),
                raw_checksum: checksum(raw),
                packed_len: packed.len() as u32,
                raw_len: raw.len() as u32,
            };
            (entry, packed)
        });
        for ((entry, mut packed), raw) in packed.into_iter().zip(self.chunks.iter_mut().skip(done))
        {
            packed.shrink_to_fit();
            self.packed.push((entry, packed));
            *raw = Vec::new();
        }
        self.n_raw_bytes = 0;
    }

    /// Compresses and names the chunks.
    fn finish(
        mut self,
        blocks: &[Vec<BlockEntry>; Section::COUNT],
    ) -> (Vec<ChunkEntry>, Vec<File>) {
        self.pack();
        let mut entries = Vec::with_capacity(self.packed.len());
        let mut files: Vec<File> = Vec::with_capacity(self.packed.len() + 1);
        let mut names = BTreeSet::new();
        for (at, (entry, bytes)) in self.packed.into_iter().enumerate() {
            let label = chunk_label(blocks, ChunkId(at as u32));
            let name = format!("{label}-{}.bin", hex(entry.packed_checksum));
            entries.push(entry);
            if names.insert(name.clone()) {
                files.push(File { name, bytes });
            }
        }
        (entries, files)
    }
}

#[cfg(test)]
mod tests {
    use crate::error::IndexError;
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
        let inflate = |file: &File| miniz_oxide::inflate::decompress_to_vec(&file.bytes).unwrap();
        assert_eq!(inflate(&squeezed[0]), inflate(&usual[0]));
    }

    #[test]
    fn the_worked_example_of_the_format_page_decodes() {
        let manifest = Manifest::decode_binary(&hex_block("manifest")).unwrap();
        let chunks = ["chunk-0", "chunk-1", "chunk-2"].map(hex_block);
        let mut index = Index::open(&manifest.encode()).unwrap();
        let ids: Vec<_> = index.chunks().map(|(id, _)| id).collect();
        for (id, raw) in ids.into_iter().zip(chunks) {
            index.supply(id, raw).unwrap();
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
            .map(|file| miniz_oxide::inflate::decompress_to_vec(&file.bytes).unwrap())
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
