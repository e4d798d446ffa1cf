//! From glyphs and their places to lines of text in the order in which people read them.
//!
//! Knows geometry: lines turned by quarters, rows, gutters between columns, gaps between words.
//! What is in a line, `line` knows. Works the same for any script, as places alone are looked at.

use super::content::Glyph;
use super::line;

/// A gap wider than this, in sizes of the font, is between columns or cells and not between words.
/// Spaces of justified lines reach 0.6; gutters begin at about 1.
const PIECE_GAP: f32 = 0.8;

/// Fewest rows on both sides of a gutter that has columns: fewer are a list or a table.
const COLUMN_ROWS: usize = 4;

/// Fewest letters a row, on both sides, of columns that are read one after the other. Less is a table
/// or the numbers of a list, which are read across.
const COLUMN_LETTERS: usize = 10;

/// Share of rows that begin, or end, at the edge of a gutter. Gaps in justified lines stand below each
/// other by chance, and the words on both their sides begin and end anywhere.
const EDGE_SHARE: f32 = 0.6;

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) text: String,
    /// The size of most of its letters, in points.
    pub(super) size: f32,
    pub(super) is_bold: bool,
    /// Its base line, in points, upwards along the page as the line is turned.
    pub(super) y: f32,
    /// True for a running title, which is no heading of its page.
    pub(super) is_furniture: bool,
}

/// Glyphs next to each other on one base line.
struct Piece {
    glyphs: Vec<Glyph>,
    x0: f32,
    x1: f32,
    y: f32,
    size: f32,
    n_letters: usize,
}

/// Pieces on one base line, from left to right.
type Row = Vec<Piece>;

/// The lines of a page in reading order: those that stand as most of the page does, then others.
pub(super) fn lines(glyphs: Vec<Glyph>) -> Vec<Line> {
    let mut by_turn: [Vec<Glyph>; 4] = Default::default();
    for mut glyph in glyphs {
        let turn = glyph.quarter_turns % 4;
        (glyph.x, glyph.y) = match turn {
            0 => (glyph.x, glyph.y),
            1 => (glyph.y, -glyph.x),
            2 => (-glyph.x, -glyph.y),
            _ => (-glyph.y, glyph.x),
        };
        by_turn[usize::from(turn)].push(glyph);
    }
    by_turn.sort_by_key(|glyphs| std::cmp::Reverse(glyphs.len()));
    let mut lines = Vec::new();
    for glyphs in by_turn {
        let mut rows = Vec::new();
        read(pieces(glyphs), &mut rows);
        lines.extend(rows.into_iter().filter_map(line_of));
    }
    lines
}

/// Joins glyphs in the order in which they are drawn.
fn pieces(glyphs: Vec<Glyph>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for glyph in glyphs {
        let joins = pieces.last().is_some_and(|piece| {
            let size = piece.size.max(glyph.size);
            let Some(last) = piece.glyphs.last() else {
                return false;
            };
            let behind = glyph.x - (last.x + last.width);
            // Right-to-left scripts are often drawn from the right.
            let before = last.x - (glyph.x + glyph.width);
            let is_near = |gap: f32| (-size..=PIECE_GAP * size).contains(&gap);
            (glyph.y - piece.y).abs() < 0.25 * size
                && piece.size.min(glyph.size) > 0.6 * size
                && (is_near(behind) || is_near(before))
        });
        let (x0, x1) = (glyph.x, glyph.x + glyph.width.max(0.0));
        match pieces.last_mut() {
            Some(piece) if joins => {
                if !is_blank(&glyph) {
                    (piece.x0, piece.x1) = (piece.x0.min(x0), piece.x1.max(x1));
                    piece.n_letters += 1;
                }
                piece.glyphs.push(glyph);
            }
            _ if is_blank(&glyph) => {}
            _ => pieces.push(Piece {
                x0,
                x1,
                y: glyph.y,
                size: glyph.size,
                n_letters: 1,
                glyphs: vec![glyph],
            }),
        }
    }
    pieces
}

fn is_blank(glyph: &Glyph) -> bool {
    glyph.text.trim().is_empty()
}

/// Puts pieces in rows, from top to bottom.
fn rows(mut pieces: Vec<Piece>) -> Vec<Row> {
    pieces.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut rows: Vec<Row> = Vec::new();
    for piece in pieces {
        match rows.last_mut() {
            // Half of the smaller size: small figures above the line belong to it, lines below an
            // initial that is two lines high do not.
            Some(row) if row[0].y - piece.y < 0.5 * row[0].size.min(piece.size) => row.push(piece),
            _ => rows.push(vec![piece]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| a.x0.total_cmp(&b.x0));
    }
    rows
}

/// Reads pieces in bands: rows that have a gutter in common are read column by column.
fn read(pieces: Vec<Piece>, out: &mut Vec<Row>) {
    let mut band: Vec<Row> = Vec::new();
    let mut free: Vec<(f32, f32)> = Vec::new();
    for row in rows(pieces) {
        let own = free_of(&row);
        let common = intersect(&free, &own);
        if !band.is_empty() && common.is_empty() {
            read_band(std::mem::take(&mut band), &free, out);
        }
        free = if band.is_empty() { own } else { common };
        band.push(row);
    }
    read_band(band, &free, out);
}

/// Where a row has nothing, from far left to far right, as wide as a gutter at least.
fn free_of(row: &Row) -> Vec<(f32, f32)> {
    let mut free = Vec::new();
    let mut at = f32::MIN;
    for piece in row {
        if piece.x0 - at >= PIECE_GAP * piece.size {
            free.push((at, piece.x0));
        }
        at = at.max(piece.x1);
    }
    free.push((at, f32::MAX));
    free
}

fn intersect(one: &[(f32, f32)], other: &[(f32, f32)]) -> Vec<(f32, f32)> {
    let mut common = Vec::new();
    for (a0, a1) in one {
        for (b0, b1) in other {
            let (from, to) = (a0.max(*b0), a1.min(*b1));
            // Gutters are several points wide at any size that can be read.
            if to - from > 4.0 {
                common.push((from, to));
            }
        }
    }
    // The margins are not common ground: every row ends somewhere.
    if common
        .iter()
        .all(|(from, to)| *from == f32::MIN || *to == f32::MAX)
    {
        return Vec::new();
    }
    common
}

fn read_band(band: Vec<Row>, free: &[(f32, f32)], out: &mut Vec<Row>) {
    let is_gutter = |(from, to): &&(f32, f32)| {
        let left = |piece: &Piece| piece.x1 <= *from + 0.1;
        let right = |piece: &Piece| piece.x0 >= *to - 0.1;
        *from > f32::MIN
            && *to < f32::MAX
            && is_side(&band, &left)
            && is_side(&band, &right)
            && (is_edge(&band, &|row| {
                row.iter().filter(|p| right(p)).map(|p| p.x0 - to).next()
            }) || is_edge(&band, &|row| {
                row.iter()
                    .filter(|p| left(p))
                    .map(|p| from - p.x1)
                    .next_back()
            }))
    };
    let Some((from, _)) = free.iter().find(is_gutter) else {
        out.extend(band);
        return;
    };
    let pieces = band.into_iter().flatten();
    let (left, right): (Vec<Piece>, Vec<Piece>) = pieces.partition(|piece| piece.x1 <= from + 0.1);
    let is_from_right = line::is_from_right(right.iter().chain(&left).flat_map(|p| &p.glyphs));
    let (first, second) = if is_from_right {
        (right, left)
    } else {
        (left, right)
    };
    read(first, out);
    read(second, out);
}

/// Whether enough rows have enough letters on one side of a gutter.
fn is_side(band: &[Row], is_there: &dyn Fn(&Piece) -> bool) -> bool {
    let letters = band.iter().map(|row| {
        let there = row.iter().filter(|piece| is_there(piece));
        there.map(|piece| piece.n_letters).sum::<usize>()
    });
    let letters: Vec<usize> = letters.filter(|n| *n > 0).collect();
    letters.len() >= COLUMN_ROWS && letters.iter().sum::<usize>() / letters.len() >= COLUMN_LETTERS
}

/// Whether most rows that have something there come close to the gutter, by how far each stays away.
fn is_edge(band: &[Row], away: &dyn Fn(&Row) -> Option<f32>) -> bool {
    let (mut n_rows, mut n_close) = (0, 0);
    for row in band {
        if let Some(away) = away(row) {
            n_rows += 1;
            n_close += usize::from(away < 0.5 * row[0].size);
        }
    }
    n_close as f32 >= n_rows as f32 * EDGE_SHARE
}

fn line_of(row: Row) -> Option<Line> {
    // What most letters have, has the line.
    let main = row.iter().max_by_key(|piece| piece.n_letters)?;
    let (size, y) = (main.size, main.y);
    let glyphs: Vec<Glyph> = row.into_iter().flat_map(|piece| piece.glyphs).collect();
    let is_bold = glyphs.iter().all(|glyph| glyph.is_bold || is_blank(glyph));
    let text = line::text(glyphs);
    (!text.is_empty()).then_some(Line {
        text,
        size,
        is_bold,
        y,
        is_furniture: false,
    })
}
