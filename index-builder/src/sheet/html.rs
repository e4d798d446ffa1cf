//! A sheet as one page of HTML, which is all there is of it: no scripts, and nothing is fetched.
//!
//! Knows what a page needs so that everybody can read it: a language, one first heading, a way past
//! the contents, captions and headings of tables, figures in words beside each bar, colours that differ
//! by 7 to 1 and more (WCAG 2.2, 1.4.6), and tables that scroll by keyboard where a window is narrow.
//! Knows nothing of what the figures mean.

use std::fmt::Write;

use super::{Cell, Sheet, Table, share};

/// The page's styles. Contrast with the ground: text 17.2 to 1, links 9.8, bars 8.9; on a dark ground
/// 14.9, 10.4 and 10.4.
const STYLES: &str = "
:root { color-scheme: light dark; --ground: #fff; --text: #1b1b1b; --soft: #f2f2f2; --line: #6b6b6b;
  --link: #10408f; --bar: #184a88; }
@media (prefers-color-scheme: dark) { :root { --ground: #17191c; --text: #ececec; --soft: #24272b;
  --line: #9a9a9a; --link: #a9c8ff; --bar: #a9c8ff; } }
body { background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif;
  margin: 0 auto; max-width: 60rem; padding: 1rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip:not(:focus) { height: 1px; overflow: hidden; position: absolute; width: 1px; }
h1, h2 { line-height: 1.2; }
section { border-top: 1px solid var(--line); margin-top: 2rem; }
.table { margin: 1rem 0; overflow-x: auto; }
table { border-collapse: collapse; min-width: 50%; }
caption { font-weight: bold; padding: .5rem 0; text-align: start; }
th, td { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; padding: .25rem .75rem .25rem 0;
  text-align: start; vertical-align: top; }
tbody th { font-weight: normal; max-width: 24rem; min-width: 8rem; }
thead th { background: var(--soft); overflow-wrap: normal; }
.number { font-variant-numeric: tabular-nums; text-align: end; }
.share { white-space: nowrap; }
svg { background: var(--soft); height: .75rem; margin-inline-end: .5rem; width: 8rem; }
rect { fill: var(--bar); }
@media (forced-colors: active) { svg { border: 1px solid; } rect { fill: CanvasText; } }
@media print { .skip, nav { display: none; } body { max-width: none; } }
";

/// The sheet as a page.
pub(crate) fn page(sheet: &Sheet) -> String {
    let title = escape(&sheet.title);
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>{STYLES}</style>\n</head>\n\
         <body data-speir-ignore>\n<a class=\"skip\" href=\"#main\">Skip to the figures</a>\n\
         <header>\n<h1>{title}</h1>\n<p>{}</p>\n</header>\n\
         <nav aria-label=\"Parts of this report\">\n<ul>\n",
        escape(&sheet.made)
    );
    for part in &sheet.parts {
        // Writing into a String does not fail; the same below.
        let _ = writeln!(
            out,
            "<li><a href=\"#{}\">{}</a></li>",
            part.key, part.heading
        );
    }
    out.push_str("</ul>\n</nav>\n<main id=\"main\" tabindex=\"-1\">\n");
    for part in &sheet.parts {
        let key = part.key;
        let _ = writeln!(
            out,
            "<section aria-labelledby=\"{key}\">\n<h2 id=\"{key}\">{}</h2>",
            escape(part.heading)
        );
        match part.sentences.as_slice() {
            [] => {}
            [only] => {
                let _ = writeln!(out, "<p dir=\"auto\">{}</p>", escape(only));
            }
            several => {
                out.push_str("<ul>\n");
                for sentence in several {
                    let _ = writeln!(out, "<li dir=\"auto\">{}</li>", escape(sentence));
                }
                out.push_str("</ul>\n");
            }
        }
        for (at, table) in part.tables.iter().enumerate() {
            write_table(&mut out, table, &format!("{key}-{at}"));
        }
        out.push_str("</section>\n");
    }
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// A table in a box of its own, which scrolls by keyboard and says its name when it is reached.
fn write_table(out: &mut String, table: &Table, id: &str) {
    let _ = write!(
        out,
        "<div class=\"table\" role=\"region\" aria-labelledby=\"{id}\" tabindex=\"0\">\n<table>\n\
         <caption id=\"{id}\">{}</caption>\n<thead>\n<tr>",
        escape(&table.caption)
    );
    let first = table.rows.first();
    for (column, (_, heading)) in table.columns.iter().enumerate() {
        let cell = first.and_then(|row| row.get(column));
        let class = class(cell.unwrap_or(&Cell::Nothing));
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", escape(heading));
    }
    out.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &table.rows {
        out.push_str("<tr>");
        for (column, cell) in row.iter().enumerate() {
            let (name, scope) = match column {
                0 => ("th", " scope=\"row\""),
                _ => ("td", ""),
            };
            let _ = write!(
                out,
                "<{name}{scope}{} dir=\"auto\">{}</{name}>",
                class(cell),
                content(cell)
            );
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>\n</div>\n");
    if let Some(rest) = &table.rest {
        let _ = writeln!(out, "<p>{}</p>", escape(rest));
    }
}

fn class(cell: &Cell) -> &'static str {
    match cell {
        cell if cell.is_number() => " class=\"number\"",
        Cell::Share(..) => " class=\"share\"",
        _ => "",
    }
}

fn content(cell: &Cell) -> String {
    let words = escape(&cell.in_words());
    let Cell::Share(part, whole) = cell else {
        return words;
    };
    // The words beside it say what the bar says.
    format!(
        "<svg aria-hidden=\"true\" focusable=\"false\" viewBox=\"0 0 100 1\" \
         preserveAspectRatio=\"none\"><rect width=\"{:.1}\" height=\"1\"/></svg>{words}",
        share(*part, *whole)
    )
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter => escaped.push(letter),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The luminance of a colour, and the contrast of two, by WCAG 2.2.
    fn contrast(one: &str, other: &str) -> f64 {
        let luminance = |colour: &str| {
            let digits = colour.trim_start_matches('#');
            let digits: String = match digits.len() {
                3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
                _ => digits.to_owned(),
            };
            let part = |at: usize| {
                let part = u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
                match f64::from(part) / 255.0 {
                    part if part <= 0.04045 => part / 12.92,
                    part => ((part + 0.055) / 1.055).powf(2.4),
                }
            };
            0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn colours_differ_enough_on_a_light_and_a_dark_ground() {
        for (theme, rules) in STYLES.split(":root {").skip(1).take(2).enumerate() {
            let colour = |name: &str| {
                let value = rules.split(&format!("--{name}: ")).nth(1).unwrap();
                value.split(';').next().unwrap()
            };
            for name in ["text", "link", "bar"] {
                for ground in ["ground", "soft"] {
                    let contrast = contrast(colour(name), colour(ground));
                    assert!(contrast >= 7.0, "{theme} {name} on {ground}: {contrast:.1}");
                }
            }
            let line = contrast(colour("line"), colour("ground"));
            assert!(line >= 3.0, "{theme}: {line:.1}");
        }
    }
}
