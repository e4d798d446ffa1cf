//! Walks through what a page draws, and notes each glyph with its place.
//!
//! Knows ISO 32000-1, 8.4 (states), 9 (text) and 14.6 (marked content). Knows nothing of lines and
//! columns: `layout` makes them. What a page can ask for is counted, so that forms that draw each
//! other end.

use std::collections::HashMap;
use std::rc::Rc;

use hayro_syntax::content::UntypedIter;
use hayro_syntax::object::{Array, Dict, Name, Number, Object, Stream};
use hayro_syntax::page::{Page, Resources};

use super::decode::Decoder;
use super::font::Font;
use super::matrix::Matrix;
use super::names;

/// Most operators that a page with its forms may have: maps and drawings have a million.
const MAX_OPERATORS: usize = 5_000_000;

/// Most glyphs that a page may have: a page of a telephone book has some ten thousand.
const MAX_GLYPHS: usize = 200_000;

/// How deep forms may stand in forms.
const MAX_FORM_DEPTH: usize = 12;

/// How deep states may be kept; the specification asks for 28.
const MAX_STATES: usize = 512;

/// A glyph on a page, or several that are read as one.
#[derive(Clone, Debug)]
pub(super) struct Glyph {
    /// Where it begins and its base line is, in points, in the page's own directions.
    pub(super) x: f32,
    pub(super) y: f32,
    /// How far the pen moved.
    pub(super) width: f32,
    /// The size of the font, in points.
    pub(super) size: f32,
    /// In quarters of a turn to the left: how the line is turned that it stands in.
    pub(super) quarter_turns: u8,
    /// What it says.
    pub(super) text: String,
    pub(super) is_bold: bool,
}

/// What a page has.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    pub(super) glyphs: Vec<Glyph>,
    /// Whether it shows a picture.
    pub(super) has_image: bool,
    /// How many shapes it paints.
    pub(super) n_shapes: usize,
    /// Whether something of it could not be read, or was beyond the limits.
    pub(super) is_incomplete: bool,
    /// How many glyphs it shows of which the file does not say what they mean.
    pub(super) n_unknown: usize,
}

/// Reads pages of one file, whose fonts it remembers.
pub(super) struct Walker<'d> {
    fonts: HashMap<(u32, i32), Rc<Font>>,
    decoder: &'d mut Decoder,
    n_operators: usize,
    drawn: Drawn,
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<Rc<Font>>,
    size: f32,
    letter_space: f32,
    word_space: f32,
    stretch: f32,
    leading: f32,
    rise: f32,
}

/// A piece of marked content.
enum Mark {
    Plain,
    /// Page numbers, running titles and the like.
    Furniture,
    /// What is drawn stands for this text; where its glyphs begin in the list.
    Text(String, usize),
}

impl<'d> Walker<'d> {
    pub(super) fn new(decoder: &'d mut Decoder) -> Walker<'d> {
        Walker {
            fonts: HashMap::new(),
            decoder,
            n_operators: 0,
            drawn: Drawn::default(),
        }
    }

    /// What a page draws.
    pub(super) fn page(&mut self, page: &Page<'_>) -> Drawn {
        self.n_operators = 0;
        self.drawn = Drawn::default();
        let bytes = self.contents(page);
        let state = State {
            matrix: Matrix::IDENTITY,
            font: None,
            size: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        };
        self.run(&bytes, page.resources(), state, 0, false);
        let mut drawn = std::mem::take(&mut self.drawn);
        // What stands beside the page, nobody sees.
        let sheet = page.intersected_crop_box();
        if sheet.width() > 1.0 && sheet.height() > 1.0 {
            let (x0, x1) = (sheet.x0 as f32, sheet.x1 as f32);
            let (y0, y1) = (sheet.y0 as f32, sheet.y1 as f32);
            drawn.glyphs.retain(|glyph| {
                let reach = glyph.size.max(glyph.width);
                (x0 - reach..=x1 + reach).contains(&glyph.x)
                    && (y0 - reach..=y1 + reach).contains(&glyph.y)
            });
        }
        drawn
    }

    /// The page's streams, one after the other (ISO 32000-1, 7.8.2).
    fn contents(&mut self, page: &Page<'_>) -> Vec<u8> {
        let contents = page.raw();
        let (mut bytes, mut is_lost) = (Vec::new(), false);
        let mut add = |stream: Option<Stream<'_>>| {
            is_lost |= stream.is_none();
            match stream.and_then(|stream| self.decoder.decode(&stream)) {
                Some(decoded) => bytes.extend(decoded),
                None => self.drawn.is_incomplete = true,
            }
            bytes.push(b'\n');
        };
        if let Some(list) = contents.get::<Array<'_>>(b"Contents") {
            for item in list.iter::<Object<'_>>() {
                add(item.into_stream());
            }
        } else if contents.contains_key(b"Contents") {
            add(contents.get::<Stream<'_>>(b"Contents"));
        }
        self.decoder.n_lost += usize::from(is_lost);
        bytes
    }

    fn run(
        &mut self,
        bytes: &[u8],
        resources: &Resources<'_>,
        mut state: State,
        depth: usize,
        is_furniture: bool,
    ) {
        let mut states: Vec<State> = Vec::new();
        let mut marks: Vec<Mark> = Vec::new();
        if is_furniture {
            marks.push(Mark::Furniture);
        }
        let (mut text, mut line) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut operators = UntypedIter::new(bytes);
        while let Some(instruction) = operators.next() {
            self.n_operators += 1;
            if self.n_operators > MAX_OPERATORS || self.drawn.glyphs.len() > MAX_GLYPHS {
                self.decoder.is_beyond = true;
                self.drawn.is_incomplete = true;
                return;
            }
            let operands: Vec<&Object<'_>> = instruction.operands().collect();
            let number = |at: usize| match operands.get(at) {
                Some(Object::Number(number)) => number.as_f32(),
                _ => 0.0,
            };
            let operator: &[u8] = instruction.operator;
            match operator {
                b"q" if states.len() < MAX_STATES => states.push(state.clone()),
                b"Q" => state = states.pop().unwrap_or(state),
                b"cm" => {
                    let matrix = Matrix(std::array::from_fn(number));
                    state.matrix = matrix.then(state.matrix);
                }
                b"BT" => (text, line) = (Matrix::IDENTITY, Matrix::IDENTITY),
                b"Tm" => {
                    line = Matrix(std::array::from_fn(number));
                    text = line;
                }
                b"Td" | b"TD" => {
                    if operator == b"TD" {
                        state.leading = -number(1);
                    }
                    line = line.moved(number(0), number(1));
                    text = line;
                }
                b"T*" => {
                    line = line.moved(0.0, -state.leading);
                    text = line;
                }
                b"Tc" => state.letter_space = number(0),
                b"Tw" => state.word_space = number(0),
                b"Tz" => state.stretch = number(0) / 100.0,
                b"TL" => state.leading = number(0),
                b"Ts" => state.rise = number(0),
                b"Tf" => {
                    if let Some(Object::Name(name)) = operands.first() {
                        state.font = self.font(resources, name);
                    }
                    state.size = number(1);
                }
                b"gs" => {
                    if let Some(Object::Name(name)) = operands.first()
                        && let Some(settings) = resources.get_ext_g_state(name)
                        && let Some(list) = settings.get::<Array<'_>>(b"Font")
                    {
                        let mut items = list.flex_iter();
                        let font = items.next::<Dict<'_>>();
                        state.font = font.map(|font| Rc::new(Font::read(&font, self.decoder)));
                        state.size = items.next::<Number>().map_or(0.0, |size| size.as_f32());
                    }
                }
                b"Tj" | b"'" | b"\"" => {
                    if operator != b"Tj" {
                        line = line.moved(0.0, -state.leading);
                        text = line;
                    }
                    if operator == b"\"" {
                        state.word_space = number(0);
                        state.letter_space = number(1);
                    }
                    if let Some(Object::String(string)) = operands.last() {
                        self.show(string, &state, &mut text, &marks);
                    }
                }
                b"TJ" => {
                    let Some(Object::Array(pieces)) = operands.first() else {
                        continue;
                    };
                    for piece in pieces.iter::<Object<'_>>() {
                        match piece {
                            Object::String(string) => {
                                self.show(&string, &state, &mut text, &marks);
                            }
                            Object::Number(back) => {
                                let by = -back.as_f32() / 1000.0 * state.size;
                                let is_vertical =
                                    state.font.as_ref().is_some_and(|font| font.is_vertical);
                                text = match is_vertical {
                                    true => text.moved(0.0, by),
                                    false => text.moved(by * state.stretch, 0.0),
                                };
                            }
                            _ => {}
                        }
                    }
                }
                b"BMC" | b"BDC" => {
                    let mark = self.mark(&operands, resources);
                    if marks.len() < MAX_STATES {
                        marks.push(mark);
                    }
                }
                b"EMC" => {
                    if let Some(Mark::Text(said, first)) = marks.pop() {
                        self.say(said, first);
                    }
                }
                b"f" | b"F" | b"f*" | b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*" => {
                    self.drawn.n_shapes += 1;
                }
                b"BI" | b"EI" => self.drawn.has_image = true,
                b"Do" => {
                    if let Some(Object::Name(name)) = operands.first()
                        && let Some(stream) = resources.get_x_object(name)
                    {
                        let hidden = marks.iter().any(|mark| matches!(mark, Mark::Furniture));
                        self.object(&stream, resources, &state, depth, hidden);
                    }
                }
                _ => {}
            }
        }
    }

    /// A picture, or a form: something to be drawn that has operators of its own.
    fn object(
        &mut self,
        stream: &Stream<'_>,
        resources: &Resources<'_>,
        state: &State,
        depth: usize,
        is_furniture: bool,
    ) {
        let dict = stream.dict();
        let subtype = dict.get::<Name<'_>>(b"Subtype");
        if subtype.as_deref() == Some(b"Image") {
            self.drawn.has_image = true;
            return;
        }
        if subtype.as_deref() != Some(b"Form") || depth >= MAX_FORM_DEPTH {
            return;
        }
        let Some(bytes) = self.decoder.decode(stream) else {
            self.drawn.is_incomplete = true;
            return;
        };
        let mut state = state.clone();
        if let Some(matrix) = dict.get::<Array<'_>>(b"Matrix") {
            let mut numbers = matrix.iter::<Number>();
            let mut next = |_| numbers.next().map_or(0.0, |number| number.as_f32());
            state.matrix = Matrix(std::array::from_fn(&mut next)).then(state.matrix);
        }
        match dict.get::<Dict<'_>>(b"Resources") {
            Some(own) => self.run(&bytes, &Resources::new(own), state, depth + 1, is_furniture),
            None => self.run(&bytes, resources, state, depth + 1, is_furniture),
        }
    }

    fn font(&mut self, resources: &Resources<'_>, name: &Name<'_>) -> Option<Rc<Font>> {
        let key = resources.fonts.get_ref(name);
        let key = key.map(|key| (key.obj_number, key.gen_number));
        if let Some(known) = key.and_then(|key| self.fonts.get(&key)) {
            return Some(Rc::clone(known));
        }
        let font = Rc::new(Font::read(&resources.get_font(name)?, self.decoder));
        if let Some(key) = key {
            self.fonts.insert(key, Rc::clone(&font));
        }
        Some(font)
    }

    fn mark(&self, operands: &[&Object<'_>], resources: &Resources<'_>) -> Mark {
        let properties = match operands.get(1) {
            Some(Object::Dict(dict)) => Some(dict.clone()),
            Some(Object::Name(name)) => resources.properties.get::<Dict<'_>>(name),
            _ => None,
        };
        let Some(properties) = properties else {
            return Mark::Plain;
        };
        let is_artifact =
            matches!(operands.first(), Some(Object::Name(tag)) if tag.as_ref() == b"Artifact");
        let kind = properties.get::<Name<'_>>(b"Type");
        if is_artifact && kind.as_deref() == Some(b"Pagination") {
            return Mark::Furniture;
        }
        match properties.get::<hayro_syntax::object::String<'_>>(b"ActualText") {
            Some(text) => Mark::Text(names::text_string(&text), self.drawn.glyphs.len()),
            None => Mark::Plain,
        }
    }

    /// Puts one glyph in the place of those since `first`, which stand for a text.
    fn say(&mut self, said: String, first: usize) {
        let glyphs = self.drawn.glyphs.get(first..).unwrap_or_default();
        let Some(begin) = glyphs.first() else {
            return;
        };
        // A text over several lines would stand in the first of them: what is drawn serves better.
        let last = glyphs.last().unwrap_or(begin);
        let is_one_line = glyphs.iter().all(|glyph| {
            (glyph.y - begin.y).abs() < begin.size && glyph.quarter_turns == begin.quarter_turns
        });
        if !is_one_line && said.chars().count() > 1 {
            return;
        }
        let mut glyph = begin.clone();
        glyph.width = (last.x + last.width - begin.x).max(begin.width);
        glyph.text = said;
        self.drawn.glyphs.truncate(first);
        self.drawn.glyphs.push(glyph);
    }

    fn show(&mut self, string: &[u8], state: &State, text: &mut Matrix, marks: &[Mark]) {
        let Some(font) = &state.font else {
            return;
        };
        let is_furniture = marks.iter().any(|mark| matches!(mark, Mark::Furniture));
        let drawn = &mut self.drawn;
        font.each(string, |shown| {
            let mut advance = shown.width * state.size + state.letter_space;
            if shown.is_word_space {
                advance += state.word_space;
            }
            advance *= state.stretch;
            let place = text.moved(0.0, state.rise).then(state.matrix);
            let [a, b, c, d, x, y] = place.0;
            let along = a.hypot(b);
            // The glyph itself, without the space behind it.
            let width = shown.width * state.size * state.stretch;
            match shown.text {
                None => drawn.n_unknown += 1,
                Some(said)
                    if !is_furniture && !said.is_empty() && x.is_finite() && y.is_finite() =>
                {
                    let turn = (b.atan2(a) / std::f32::consts::FRAC_PI_2).round() as i32;
                    // Text that runs down a page is a line turned to the right.
                    let turn = turn - i32::from(font.is_vertical);
                    drawn.glyphs.push(Glyph {
                        x,
                        y,
                        width: match font.is_vertical {
                            true => state.size * along,
                            false => width * along,
                        },
                        size: (state.size * c.hypot(d)).abs().max(0.01),
                        quarter_turns: turn.rem_euclid(4) as u8,
                        text: said,
                        is_bold: font.is_bold,
                    });
                }
                Some(_) => {}
            }
            *text = match font.is_vertical {
                true => text.moved(0.0, -state.size - state.letter_space),
                false => text.moved(advance, 0.0),
            };
        });
    }
}
