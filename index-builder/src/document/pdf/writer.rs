//! Writes small PDFs for tests: pages with text at places, in fonts and file structures of every kind
//! that readers meet.
//!
//! Knows ISO 32000-1. Used by tests alone, those of the command line too.

/// The password that opens a locked file.
pub(crate) const PASSWORD: &[u8] = b"sesame";

/// What passwords are filled up with (ISO 32000-1, algorithm 2).
const PADDING: [u8; 32] = [
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A,
];

/// The fonts that each page has.
const FONTS: &str = "/F1 1 0 R /F2 2 0 R /F3 3 0 R /F4 4 0 R /F5 5 0 R /FB 6 0 R /FR 7 0 R";

/// How the bytes of a file are laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Structure {
    /// A table of places.
    #[default]
    Table,
    /// A table whose places are all wrong.
    WrongTable,
    /// Without any table, cut short before it.
    NoTable,
    /// Objects packed in streams, and the table too.
    Streams,
    /// Encrypted, and open to everybody.
    Encrypted,
    /// Encrypted, with a password.
    Locked,
}

/// A file to be written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writer {
    pub(crate) title: Option<String>,
    pub(crate) lang: Option<String>,
    pub(crate) is_tagged: bool,
    pub(crate) structure: Structure,
    /// Whether pages' streams are deflated.
    pub(crate) is_packed: bool,
    pub(crate) pages: Vec<Sheet>,
    /// Bookmarks: a title and the place of its page from 0.
    pub(crate) bookmarks: Vec<(String, usize)>,
}

/// A page to be written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) content: String,
    /// The content of a form `X1` that the page may draw.
    pub(crate) form: String,
    pub(crate) rotate: i32,
}

impl Sheet {
    /// The page with a text at a place, in a font of [`FONTS`].
    #[must_use]
    pub(crate) fn text(mut self, font: &str, size: f32, x: f32, y: f32, text: &str) -> Sheet {
        let string = string(font, text);
        self.content += &format!("BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm {string} Tj ET\n");
        self
    }

    /// The page with lines below each other.
    #[must_use]
    pub(crate) fn lines(mut self, font: &str, x: f32, top: f32, lines: &[&str]) -> Sheet {
        for (at, line) in lines.iter().enumerate() {
            self = self.text(font, 10.0, x, top - 12.0 * at as f32, line);
        }
        self
    }

    /// The page with operators as they are.
    #[must_use]
    pub(crate) fn raw(mut self, operators: &str) -> Sheet {
        self.content += operators;
        self.content.push('\n');
        self
    }
}

/// A string in the codes of a font, as hexadecimal digits.
pub(crate) fn string(font: &str, text: &str) -> String {
    let codes: Vec<u8> = match font {
        // Numbers of glyphs: what the map to Unicode undoes.
        "F2" | "F5" => text
            .encode_utf16()
            .flat_map(|unit| unit.wrapping_add(7).to_be_bytes())
            .collect(),
        "F3" => text.chars().map(code_of_differences).collect(),
        "FR" => encoding_rs::MACINTOSH.encode(text).0.into_owned(),
        _ => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
    };
    let digits: String = codes.iter().map(|code| format!("{code:02X}")).collect();
    format!("<{digits}>")
}

/// Codes of the font F3, whose encoding names its glyphs.
const DIFFERENCES: [(char, &str); 10] = [
    ('ŵ', "wcircumflex"),
    ('ŷ', "ycircumflex"),
    ('Ŵ', "Wcircumflex"),
    ('â', "acircumflex"),
    ('ô', "ocircumflex"),
    ('\u{fb01}', "fi"),
    ('\u{fb02}', "fl"),
    ('\u{fb03}', "f_f_i"),
    ('\u{fb00}', "uni00660066"),
    ('’', "quoteright"),
];

fn code_of_differences(letter: char) -> u8 {
    match DIFFERENCES.iter().position(|(known, _)| *known == letter) {
        Some(at) => 128 + at as u8,
        None => u8::try_from(letter).unwrap_or(b'?'),
    }
}

impl Writer {
    /// The bytes of the file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut objects = fonts();
        let n_pages = self.pages.len();
        // 8 catalog, 9 pages, 10 info, 11 structure tree, 12 bookmarks, then three for each page.
        let page_number = |at: usize| 13 + 3 * at;
        let lang = self.lang.iter().map(|lang| format!("/Lang ({lang})"));
        let lang: String = lang.collect();
        let tagged = match self.is_tagged {
            true => "/MarkInfo << /Marked true >> /StructTreeRoot 11 0 R",
            false => "",
        };
        objects.push(Object::plain(format!(
            "<< /Type /Catalog /Pages 9 0 R {lang} {tagged} /Outlines 12 0 R >>"
        )));
        let kids: String = (0..n_pages)
            .map(|at| format!("{} 0 R ", page_number(at)))
            .collect();
        objects.push(Object::plain(format!(
            "<< /Type /Pages /Kids [ {kids}] /Count {n_pages} /MediaBox [0 0 595 842] >>"
        )));
        let title = self.title.as_deref().unwrap_or_default();
        objects.push(Object::with_string(
            "/Title ",
            utf16(title),
            "/CreationDate (D:20160614093000Z)",
        ));
        objects.push(Object::plain("<< /Type /StructTreeRoot >>".to_owned()));
        let first = page_number(n_pages);
        let last = first + self.bookmarks.len();
        objects.push(Object::plain(match self.bookmarks.len() {
            0 => "<< /Type /Outlines >>".to_owned(),
            n => format!(
                "<< /Type /Outlines /First {first} 0 R /Last {} 0 R /Count {n} >>",
                last - 1
            ),
        }));
        for (at, page) in self.pages.iter().enumerate() {
            let number = page_number(at);
            objects.push(Object::plain(format!(
                "<< /Type /Page /Parent 9 0 R /Rotate {} /Contents {} 0 R /Resources << /Font << {FONTS} >> \
                 /XObject << /X1 {} 0 R >> >> >>",
                page.rotate,
                number + 1,
                number + 2
            )));
            objects.push(Object::stream("", page.content.as_bytes(), self.is_packed));
            let is_image = page.form.is_empty();
            let form = match is_image {
                true => {
                    "/Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
                        .to_owned()
                }
                false => format!(
                    "/Subtype /Form /BBox [0 0 595 842] /Matrix [1 0 0 1 0 50] /Resources << /Font << {FONTS} >> >>"
                ),
            };
            let bytes = if is_image {
                &b"\0"[..]
            } else {
                page.form.as_bytes()
            };
            objects.push(Object::stream(&form, bytes, self.is_packed));
        }
        for (at, (title, page)) in self.bookmarks.iter().enumerate() {
            let number = first + at;
            let next = match number + 1 < last {
                true => format!("/Next {} 0 R", number + 1),
                false => String::new(),
            };
            let dest = format!(
                "/Parent 12 0 R {next} /Dest [ {} 0 R /Fit ]",
                page_number(*page)
            );
            objects.push(Object::with_string("/Title ", utf16(title), &dest));
        }
        match self.structure {
            Structure::Streams => packed(&objects),
            structure => tabled(&objects, structure),
        }
    }
}

/// An object: what stands before a string, the string, and what stands behind it.
struct Object {
    before: String,
    string: Option<Vec<u8>>,
    behind: String,
    stream: Option<Vec<u8>>,
}

impl Object {
    fn plain(text: String) -> Object {
        Object {
            before: text,
            string: None,
            behind: String::new(),
            stream: None,
        }
    }

    fn with_string(key: &str, string: Vec<u8>, behind: &str) -> Object {
        Object {
            before: format!("<< {key}"),
            string: Some(string),
            behind: format!(" {behind} >>"),
            stream: None,
        }
    }

    fn stream(entries: &str, bytes: &[u8], is_packed: bool) -> Object {
        let (filter, bytes) = match is_packed {
            true => ("/Filter /FlateDecode", deflated(bytes)),
            false => ("", bytes.to_vec()),
        };
        Object {
            before: format!("<< {entries} {filter} /Length {} >>", bytes.len()),
            string: None,
            behind: String::new(),
            stream: Some(bytes),
        }
    }

    /// The object as it is written; with a key, what can be encrypted is.
    fn write(&self, out: &mut Vec<u8>, key: Option<&[u8]>) {
        let hidden = |bytes: &[u8]| match key {
            Some(key) => rc4(key, bytes),
            None => bytes.to_vec(),
        };
        out.extend(self.before.as_bytes());
        if let Some(string) = &self.string {
            let digits: String = hidden(string).iter().map(|b| format!("{b:02X}")).collect();
            out.extend(format!("<{digits}>").as_bytes());
        }
        out.extend(self.behind.as_bytes());
        if let Some(stream) = &self.stream {
            out.extend(b"\nstream\n");
            out.extend(hidden(stream));
            out.extend(b"\nendstream");
        }
    }
}

pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6)
}

fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_be_bytes);
    [0xFE, 0xFF].into_iter().chain(units).collect()
}

/// F1 WinAnsi, F2 glyphs with a map to Unicode, F3 with names of glyphs, F4 without an encoding,
/// F5 glyphs without a map, FB bold, FR Mac Roman.
fn fonts() -> Vec<Object> {
    let names: String = DIFFERENCES
        .iter()
        .map(|(_, name)| format!("/{name} "))
        .collect();
    let simple = |font: &str, encoding: &str| {
        Object::plain(format!(
            "<< /Type /Font /Subtype /Type1 /BaseFont /{font} {encoding} >>"
        ))
    };
    let composite = |map: &str| {
        Object::plain(format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H {map} /DescendantFonts \
             [ << /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /DW 500 /W [ 39 [ 250 ] ] /CIDSystemInfo \
             << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >> ] >>"
        ))
    };
    // The map stands in the file as the stream of object 0 of the fonts, the last of them.
    let map = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n\
               1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
               2 beginbfrange <0027> <00FF> <0020> <0100> <FEFE> <00F9> endbfrange\n\
               endcmap end end";
    vec![
        simple("Helvetica", "/Encoding /WinAnsiEncoding"),
        composite("/ToUnicode 1000 0 R"),
        simple(
            "Helvetica",
            &format!("/Encoding << /Type /Encoding /Differences [ 128 {names}] >>"),
        ),
        simple("Times-Roman", ""),
        composite(""),
        simple("Helvetica-Bold", "/Encoding /WinAnsiEncoding"),
        simple("Helvetica", "/Encoding /MacRomanEncoding"),
        Object::stream("", map.as_bytes(), false),
    ]
}

/// The number of an object by its place: the map of F2 has one of its own, so that pages' numbers do
/// not depend on it.
fn number_of(at: usize) -> usize {
    match at {
        0..=6 => at + 1,
        7 => 1000,
        _ => at,
    }
}

fn tabled(objects: &[Object], structure: Structure) -> Vec<u8> {
    let mut out = b"%PDF-1.5\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut places = Vec::new();
    let password = match structure {
        Structure::Encrypted => Some(&b""[..]),
        Structure::Locked => Some(PASSWORD),
        _ => None,
    };
    let lock = password.map(Lock::new);
    for (at, object) in objects.iter().enumerate() {
        let number = number_of(at);
        places.push((number, out.len()));
        out.extend(format!("{number} 0 obj\n").as_bytes());
        let key = lock.as_ref().map(|lock| lock.key_of(number));
        object.write(&mut out, key.as_deref());
        out.extend(b"\nendobj\n");
    }
    if structure == Structure::NoTable {
        return out;
    }
    let start = out.len();
    out.extend(b"xref\n0 1\n0000000000 65535 f \n");
    let wrong = if structure == Structure::WrongTable {
        37
    } else {
        0
    };
    for (number, place) in places {
        out.extend(format!("{number} 1\n{:010} 00000 n \n", place + wrong).as_bytes());
    }
    let encrypt = lock.map(|lock| lock.dictionary()).unwrap_or_default();
    out.extend(
        format!(
            "trailer\n<< /Size 1001 /Root 8 0 R /Info 10 0 R {encrypt} >>\nstartxref\n{}\n%%EOF\n",
            start + wrong
        )
        .as_bytes(),
    );
    out
}

/// All objects but streams in one stream of objects, and a stream as the table.
fn packed(objects: &[Object]) -> Vec<u8> {
    let mut out = b"%PDF-1.5\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let (mut places, mut heads, mut inside) = (Vec::new(), String::new(), Vec::new());
    let (holder, table) = (1001_usize, 1002_usize);
    let mut n_inside = 0;
    for (at, object) in objects.iter().enumerate() {
        let number = number_of(at);
        if object.stream.is_none() {
            heads += &format!("{number} {} ", inside.len());
            object.write(&mut inside, None);
            inside.push(b'\n');
            places.push((
                number,
                [2_u8, (holder >> 8) as u8, holder as u8, 0, 0, n_inside],
            ));
            n_inside += 1;
            continue;
        }
        let [_, b2, b1, b0] = (out.len() as u32).to_be_bytes();
        places.push((number, [1, 0, b2, b1, b0, 0]));
        out.extend(format!("{number} 0 obj\n").as_bytes());
        object.write(&mut out, None);
        out.extend(b"\nendobj\n");
    }
    // Two bytes of a place are enough here, so the fields are one, four and one byte wide.
    let fix = |(number, entry): &(usize, [u8; 6])| match entry[0] {
        2 => (*number, [2, 0, 0, entry[1], entry[2], entry[5]]),
        _ => (*number, [1, 0, entry[2], entry[3], entry[4], 0]),
    };
    let mut places: Vec<(usize, [u8; 6])> = places.iter().map(fix).collect();
    let place = |at: usize| {
        let [_, b2, b1, b0] = (at as u32).to_be_bytes();
        [1, 0, b2, b1, b0, 0]
    };
    places.push((holder, place(out.len())));
    let body = [heads.as_bytes(), &inside].concat();
    let body = Object::stream(
        &format!("/Type /ObjStm /N {n_inside} /First {}", heads.len()),
        &body,
        true,
    );
    out.extend(format!("{holder} 0 obj\n").as_bytes());
    body.write(&mut out, None);
    out.extend(b"\nendobj\n");
    let start = out.len();
    places.push((table, place(start)));
    places.sort();
    let index: String = places
        .iter()
        .map(|(number, _)| format!("{number} 1 "))
        .collect();
    let rows: Vec<u8> = places.iter().flat_map(|(_, entry)| *entry).collect();
    let table_object = Object::stream(
        &format!("/Type /XRef /Size 1003 /W [1 4 1] /Index [ {index}] /Root 8 0 R /Info 10 0 R"),
        &rows,
        true,
    );
    out.extend(format!("{table} 0 obj\n").as_bytes());
    table_object.write(&mut out, None);
    out.extend(format!("\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
    out
}

/// RC4 with 40 bits (ISO 32000-1, algorithms 1 to 4, revision 2).
struct Lock {
    key: Vec<u8>,
}

impl Lock {
    const ID: &'static str = "00112233445566778899AABBCCDDEEFF";
    const OWNER: [u8; 32] = [0x4F; 32];

    fn new(password: &[u8]) -> Lock {
        let padded: Vec<u8> = password.iter().chain(&PADDING).copied().take(32).collect();
        let id: Vec<u8> = (0..16).map(|at| at * 0x11).collect();
        let all = [&padded[..], &Lock::OWNER, &(-4_i32).to_le_bytes(), &id].concat();
        Lock {
            key: md5(&all)[..5].to_vec(),
        }
    }

    fn key_of(&self, number: usize) -> Vec<u8> {
        let number = (number as u32).to_le_bytes();
        md5(&[&self.key[..], &number[..3], &[0, 0]].concat())[..10].to_vec()
    }

    fn dictionary(&self) -> String {
        let hex = |bytes: &[u8]| -> String { bytes.iter().map(|b| format!("{b:02X}")).collect() };
        format!(
            "/ID [ <{id}> <{id}> ] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{}> /U <{}> >>",
            hex(&Lock::OWNER),
            hex(&rc4(&self.key, &PADDING)),
            id = Lock::ID
        )
    }
}

fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut state: Vec<u8> = (0..=255).collect();
    let mut j = 0_u8;
    for i in 0..256 {
        j = j.wrapping_add(state[i]).wrapping_add(key[i % key.len()]);
        state.swap(i, usize::from(j));
    }
    let (mut i, mut j) = (0_u8, 0_u8);
    let mut next = || {
        i = i.wrapping_add(1);
        j = j.wrapping_add(state[usize::from(i)]);
        state.swap(usize::from(i), usize::from(j));
        state[usize::from(state[usize::from(i)].wrapping_add(state[usize::from(j)]))]
    };
    bytes.iter().map(|byte| byte ^ next()).collect()
}

/// RFC 1321.
fn md5(bytes: &[u8]) -> [u8; 16] {
    const SHIFTS: [[u32; 4]; 4] = [
        [7, 12, 17, 22],
        [5, 9, 14, 20],
        [4, 11, 16, 23],
        [6, 10, 15, 21],
    ];
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((bytes.len() as u64 * 8).to_le_bytes());
    let mut state = [0x6745_2301_u32, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476];
    for block in padded.chunks(64) {
        let word = |at: usize| {
            let bytes = block[4 * at..4 * at + 4].try_into();
            u32::from_le_bytes(bytes.unwrap_or_default())
        };
        let [mut a, mut b, mut c, mut d] = state;
        for step in 0..64 {
            let (mixed, at) = match step / 16 {
                0 => ((b & c) | (!b & d), step),
                1 => ((d & b) | (!d & c), (5 * step + 1) % 16),
                2 => (b ^ c ^ d, (3 * step + 5) % 16),
                _ => (c ^ (b | !d), (7 * step) % 16),
            };
            let sine = (f64::sin(step as f64 + 1.0).abs() * 4_294_967_296.0) as u32;
            let sum = a
                .wrapping_add(mixed)
                .wrapping_add(sine)
                .wrapping_add(word(at));
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(SHIFTS[step / 16][step % 4]));
        }
        for (slot, add) in state.iter_mut().zip([a, b, c, d]) {
            *slot = slot.wrapping_add(add);
        }
    }
    let mut digest = [0; 16];
    for (out, byte) in digest
        .iter_mut()
        .zip(state.iter().flat_map(|word| word.to_le_bytes()))
    {
        *out = byte;
    }
    digest
}
