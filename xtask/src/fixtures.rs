//! The fixtures that no editor writes: workbooks, made from the files beside them.

use std::path::Path;

use anyhow::{Context, Result};
use rust_xlsxwriter::Workbook;

use crate::shell;

/// Writes them all into `fixtures/`.
pub(crate) fn write() -> Result<()> {
    let folder = shell::root().join("fixtures");
    listings(&folder)?;
    far_cell(&folder)?;
    println!("fixtures/listings.xlsx and fixtures/far-cell.xlsx are written");
    Ok(())
}

/// `listings.csv` as a brokerage sends it: a title above the header, areas and prices as numbers, and a
/// second sheet that is no table of listings.
fn listings(folder: &Path) -> Result<()> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_path(folder.join("listings.csv"))
        .context("cannot read fixtures/listings.csv")?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("房源")?;
    sheet.write_string(0, 0, "翠湖门店房源表 2026年11月")?;
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
    notes.write_string(0, 0, "价格单位：万元。面积：建筑面积。")?;
    save(&mut book, &folder.join("listings.xlsx"))
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
