//! XLSX and ODS: sheets as text, and a sheet with a header row as a table.
//!
//! Knows cells: what a number that is shown as a date says. Excel's are read by `calamine`, cell by
//! cell; those of OpenDocument here. Cells are kept sparse, as one in the last corner of a sheet would
//! ask for billions.

use std::io::Cursor;

use calamine::{DataRef, ExcelDateTime, Reader, SheetVisible, Xlsx, XlsxError};

use super::pack::Pack;
use super::xml::{self, Element, Node};
use super::{Document, Kind, MAX_TEXT_BYTES, Part, Sheets, Unreadable, open, tidy, word};

/// Most cells that say something, in all sheets.
const MAX_CELLS: usize = 4_000_000;

/// Most columns, as Excel has them.
const MAX_COLUMNS: u32 = 16_384;

/// A spreadsheet.
pub(super) struct Book {
    about: Document,
    sheets: Vec<Sheet>,
    n_left: usize,
    n_bytes: usize,
}

/// A sheet: its rows that say something, and in each the cells that do.
#[derive(Debug, Default)]
struct Sheet {
    name: String,
    /// The row's number from 1, and cells by their column from 0.
    rows: Vec<(u32, Vec<(u32, String)>)>,
}

/// A sheet as a table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// The number of the row with the headings, from 1.
    pub(crate) header_row: u32,
    /// The headings, empty for columns without one.
    pub(crate) header: Vec<String>,
    /// The rows' numbers, and a cell for each heading; more where a row is longer.
    pub(crate) rows: Vec<(u32, Vec<String>)>,
    /// How many other sheets there are, which are not read.
    pub(crate) n_other_sheets: usize,
}

/// Reads a spreadsheet.
pub(super) fn read(bytes: &[u8], kind: Kind) -> Result<Book, Unreadable> {
    let mut pack = Pack::open(bytes, kind.name())?;
    let mut book = Book {
        about: Document::default(),
        sheets: Vec::new(),
        n_left: MAX_CELLS,
        n_bytes: 0,
    };
    if kind == Kind::Ods {
        book.about = open::about(&mut pack)?;
        let content = open::content(&mut pack)?;
        book.read_ods(&content)?;
    } else {
        book.about = word::about(&mut pack)?;
        // The library that reads on unpacks as much as there is.
        pack.check()?;
        book.read_xlsx(bytes)?;
    }
    Ok(book)
}

impl Book {
    /// Sheet by sheet, a row a line.
    pub(super) fn document(self) -> Document {
        let mut document = self.about;
        for sheet in self.sheets {
            let line = |(_, cells): &(u32, Vec<(u32, String)>)| {
                let cells: Vec<&str> = cells.iter().map(|(_, text)| text.as_str()).collect();
                cells.join("; ")
            };
            let lines: Vec<String> = sheet.rows.iter().map(line).collect();
            if !lines.is_empty() {
                document.parts.push(Part {
                    heading: sheet.name,
                    anchor: None,
                    text: lines.join("\n"),
                });
            }
        }
        document
    }

    /// The first sheet as a table if its first row is one of headings; else the document.
    pub(super) fn table_or_document(mut self, is_header: &dyn Fn(&[String]) -> bool) -> Sheets {
        let n_other_sheets = self.sheets.len().saturating_sub(1);
        let Some(rows) = self.sheets.first().map(|sheet| &sheet.rows) else {
            return Sheets::Document(Box::new(self.document()));
        };
        let Some((header_row, header)) = rows.first() else {
            return Sheets::Document(Box::new(self.document()));
        };
        let (header_row, header) = (*header_row, dense(header, 0));
        if !is_header(&header) {
            return Sheets::Document(Box::new(self.document()));
        }
        let rows = std::mem::take(&mut self.sheets[0].rows).into_iter().skip(1);
        let rows = rows.map(|(row, cells)| (row, dense(&cells, header.len())));
        Sheets::Table(Table {
            rows: rows.collect(),
            header_row,
            header,
            n_other_sheets,
        })
    }

    /// Takes a cell that says something.
    fn take(&mut self, row: u32, column: u32, text: &str) -> Result<(), Unreadable> {
        let text = tidy(text);
        if text.is_empty() {
            return Ok(());
        }
        self.n_bytes += text.len();
        self.n_left = self.n_left.saturating_sub(1);
        if self.n_left == 0 || self.n_bytes > MAX_TEXT_BYTES {
            return Err(Unreadable::too_large());
        }
        if let Some(sheet) = self.sheets.last_mut() {
            match sheet.rows.last_mut() {
                Some((last, cells)) if *last == row => cells.push((column, text)),
                _ => sheet.rows.push((row, vec![(column, text)])),
            }
        }
        Ok(())
    }

    fn read_xlsx(&mut self, bytes: &[u8]) -> Result<(), Unreadable> {
        let damaged = |_: XlsxError| Unreadable::damaged("XLSX");
        let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| match error {
            XlsxError::Password => Unreadable::encrypted(),
            error => damaged(error),
        })?;
        let sheets = book.sheets_metadata().iter();
        let shown = sheets.filter(|sheet| sheet.visible == SheetVisible::Visible);
        let names: Vec<String> = shown.map(|sheet| sheet.name.clone()).collect();
        for name in names {
            self.sheets.push(Sheet {
                name: name.clone(),
                rows: Vec::new(),
            });
            // Sheets of charts have no cells.
            let Ok(mut cells) = book.worksheet_cells_reader(&name) else {
                continue;
            };
            while let Some(cell) = cells.next_cell().map_err(damaged)? {
                let (row, column) = cell.get_position();
                if column < MAX_COLUMNS {
                    self.take(row.saturating_add(1), column, &shown_as(cell.get_value()))?;
                }
            }
        }
        Ok(())
    }

    fn read_ods(&mut self, content: &[u8]) -> Result<(), Unreadable> {
        let mut row = 0_u32;
        let mut column = 0_u32;
        let mut row_repeats = 1_u32;
        let mut cell: Option<(String, u32)> = None;
        let mut is_fixed = false;
        let mut n_hidden = 0_u32;
        let mut cells: Vec<(u32, String)> = Vec::new();
        let mut outcome = Ok(());
        let walked = xml::walk(content, |node| match node {
            _ if outcome.is_err() => {}
            Node::Start(element) => match element.name {
                "table" => {
                    (row, cells) = (0, Vec::new());
                    self.sheets.push(Sheet {
                        name: element.get("name").unwrap_or_default(),
                        rows: Vec::new(),
                    });
                }
                "table-row" => {
                    column = 0;
                    row_repeats = repeats(&element, "number-rows-repeated");
                }
                "table-cell" | "covered-table-cell" => {
                    let text = ods_value(&element);
                    is_fixed = text.is_some();
                    let n = repeats(&element, "number-columns-repeated");
                    cell = Some((text.unwrap_or_default(), n));
                }
                "annotation" => n_hidden += 1,
                "p" | "s" | "line-break" => {
                    if let Some((text, _)) = &mut cell
                        && !is_fixed
                    {
                        text.push(' ');
                    }
                }
                _ => {}
            },
            Node::Text(piece) => {
                if let Some((text, _)) = &mut cell
                    && !is_fixed
                    && n_hidden == 0
                {
                    text.push_str(piece);
                }
            }
            Node::End("annotation") => n_hidden = n_hidden.saturating_sub(1),
            Node::End("table-cell" | "covered-table-cell") => {
                let Some((text, n)) = cell.take() else { return };
                if !text.trim().is_empty() {
                    let last = column.saturating_add(n).min(MAX_COLUMNS);
                    cells.extend((column..last).map(|column| (column, text.clone())));
                }
                column = column.saturating_add(n);
            }
            Node::End("table-row") => {
                // Rows that say nothing are repeated to the sheet's end.
                let n = if cells.is_empty() { 0 } else { row_repeats };
                for at in 0..n {
                    for (column, text) in &cells {
                        let taken = self.take(row.saturating_add(at + 1), *column, text);
                        if taken.is_err() {
                            outcome = taken;
                            return;
                        }
                    }
                }
                row = row.saturating_add(row_repeats);
                cells.clear();
            }
            Node::End(_) => {}
        });
        outcome.and(walked)
    }
}

/// A row with a cell for each column, as many at least.
fn dense(cells: &[(u32, String)], least: usize) -> Vec<String> {
    let n = cells.last().map_or(0, |(column, _)| *column as usize + 1);
    let mut row = vec![String::new(); n.max(least)];
    for (column, text) in cells {
        if let Some(cell) = row.get_mut(*column as usize) {
            cell.clone_from(text);
        }
    }
    row
}

fn repeats(element: &Element<'_>, name: &str) -> u32 {
    let n = element.get(name).and_then(|n| n.parse().ok());
    n.unwrap_or(1).max(1)
}

/// The value of a cell where it says more than its text: dates and numbers as they are.
fn ods_value(element: &Element<'_>) -> Option<String> {
    match element.get("value-type")?.as_str() {
        "date" => element.get("date-value").map(|date| {
            let day = date.strip_suffix("T00:00:00").unwrap_or(&date);
            day.to_owned()
        }),
        "float" => element.get("value"),
        "boolean" => element.get("boolean-value"),
        _ => None,
    }
}

/// A cell of Excel in words.
fn shown_as(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(truth) => truth.to_string(),
        DataRef::DateTime(time) => of_time(time),
        DataRef::DateTimeIso(time) => time.strip_suffix("T00:00:00").unwrap_or(time).to_owned(),
        DataRef::DurationIso(time) => time.clone(),
        // What a formula could not work out says nothing.
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Excel keeps dates as days since 1899 or 1904; a part of a day is a time.
fn of_time(time: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let clock = format!("{hour:02}:{minute:02}");
    let is_time_alone = time.as_f64() < 1.0;
    if time.is_duration() || is_time_alone {
        return clock;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => date,
        _ => format!("{date}T{clock}"),
    }
}
