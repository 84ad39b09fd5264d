//! The fixtures that no editor writes: workbooks, made from the files beside them.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use rust_xlsxwriter::Workbook;
use zip::write::{SimpleFileOptions, ZipWriter};

use crate::shell;

/// Writes them all into `fixtures/`.
pub(crate) fn write() -> Result<()> {
    let folder = shell::root().join("fixtures");
    listings(&folder)?;
    listings_ods(&folder)?;
    far_cell(&folder)?;
    println!("fixtures/listings.xlsx, listings.ods and far-cell.xlsx are written");
    Ok(())
}

const TITLE: &str = "翠湖门店房源表 2026年11月";
const NOTE: &str = "价格单位：万元。面积：建筑面积。";

/// `listings.csv` as a brokerage sends it: a title above the header, areas and prices as numbers, and a
/// second sheet that is no table of listings.
fn listings(folder: &Path) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(folder.join("listings.csv"))
        .context("cannot read fixtures/listings.csv")?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("房源")?;
    sheet.write_string(0, 0, TITLE)?;
    for (row, record) in reader.records().enumerate() {
        for (column, cell) in record?.iter().enumerate() {
            let (row, column) = (u32::try_from(row + 1)?, u16::try_from(column)?);
            // A spreadsheet makes numbers of what looks like one, phones included; ids keep their letters.
            match cell.parse::<f64>() {
                Ok(number) if !cell.is_empty() && cell.is_ascii() => {
                    sheet.write_number(row, column, number)?
                }
                _ => sheet.write_string(row, column, cell)?,
            };
        }
    }
    let notes = book.add_worksheet().set_name("说明")?;
    notes.write_string(0, 0, NOTE)?;
    save(&mut book, &folder.join("listings.xlsx"))
}

/// The same workbook as OpenDocument, with the empty rows that LibreOffice writes below the last.
fn listings_ods(folder: &Path) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(folder.join("listings.csv"))
        .context("cannot read fixtures/listings.csv")?;
    let mut rows = row_of_ods([TITLE]);
    for record in reader.records() {
        rows.push_str(&row_of_ods(record?.iter()));
    }
    rows.push_str(
        "<table:table-row table:number-rows-repeated=\"1048554\">\
         <table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>",
    );
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\">\
         <office:body><office:spreadsheet>\
         <table:table table:name=\"房源\">{rows}</table:table>\
         <table:table table:name=\"说明\">{}</table:table>\
         </office:spreadsheet></office:body></office:document-content>\n",
        row_of_ods([NOTE])
    );
    let manifest = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
         <manifest:file-entry manifest:full-path=\"/\" \
         manifest:media-type=\"application/vnd.oasis.opendocument.spreadsheet\"/>\
         <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\
         </manifest:manifest>\n";
    let path = folder.join("listings.ods");
    let mut archive = ZipWriter::new(File::create(&path)?);
    let plain = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let packed = SimpleFileOptions::default();
    for (name, options, text) in [
        (
            "mimetype",
            plain,
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
        ("META-INF/manifest.xml", packed, manifest),
        ("content.xml", packed, &content),
    ] {
        archive.start_file(name, options)?;
        archive.write_all(text.as_bytes())?;
    }
    archive
        .finish()
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(())
}

/// A row of an OpenDocument sheet: numbers as numbers, each line of a text a paragraph.
fn row_of_ods<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut row = String::from("<table:table-row>");
    for cell in cells {
        let mut shown = String::new();
        for line in cell.lines() {
            let line = line
                .replace('&', "&amp;")
                .replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace("  ", " <text:s/>");
            shown.push_str(&format!("<text:p>{line}</text:p>"));
        }
        row.push_str(&match cell.parse::<f64>() {
            _ if cell.is_empty() => "<table:table-cell/>".to_owned(),
            Ok(number) if cell.is_ascii() => format!(
                "<table:table-cell office:value-type=\"float\" office:value=\"{number}\">{shown}\
                 </table:table-cell>"
            ),
            _ => {
                format!("<table:table-cell office:value-type=\"string\">{shown}</table:table-cell>")
            }
        });
    }
    row + "</table:table-row>"
}

/// A small table and one stray cell in the last row and column: a reader that makes a grid of it asks
/// for more memory than any machine has.
fn far_cell(folder: &Path) -> Result<()> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let rows = [
        ["房源编号", "小区名称", "户型", "建筑面积", "总价(万)"],
        ["F1", "阳光里", "2室1厅", "80", "400"],
        ["F2", "阳光里", "3室1厅", "99", "500"],
    ];
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell)?;
        }
    }
    sheet.write_string(1_048_575, 16_383, "x")?;
    save(&mut book, &folder.join("far-cell.xlsx"))
}

fn save(book: &mut Workbook, path: &Path) -> Result<()> {
    // The date of writing would make every run another file.
    let made = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 11, 22)?;
    book.set_properties(&rust_xlsxwriter::DocProperties::new().set_creation_datetime(&made));
    book.save(path)
        .with_context(|| format!("cannot write {}", path.display()))
}
