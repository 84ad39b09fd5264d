//! Where the table begins: lines before the header, a header of one or two lines, or none at all.

use crate::{Note, rules};

/// Lines before the header that are looked through.
const MOST_SKIPPED: usize = 30;

/// How the first rows of a file are to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Rows before the header.
    pub(crate) skip: usize,
    /// Rows of the header: 0, 1 or 2.
    pub(crate) rows: usize,
    /// The names of the columns.
    pub(crate) names: Vec<String>,
    /// What a person should know.
    pub(crate) notes: Vec<Note>,
}

impl Plan {
    /// A header that is known without looking: the keys of JSON objects.
    pub(crate) fn known(names: Vec<String>) -> Self {
        let mut notes = Vec::new();
        Plan {
            skip: 0,
            rows: 0,
            names: distinct(names, &mut notes),
            notes,
        }
    }

    /// Names given by a person; a first row that repeats them is the header they stand for.
    pub(crate) fn given(names: &[String], sample: &[Vec<String>]) -> Self {
        let width = most_common_width(sample).unwrap_or(names.len());
        let mut plan = Plan::known(widened(names.to_vec(), width));
        let same = |row: &Vec<String>| {
            row.len() >= names.len()
                && names
                    .iter()
                    .zip(row)
                    .all(|(name, cell)| name.trim().eq_ignore_ascii_case(cell.trim()))
        };
        plan.rows = usize::from(sample.first().is_some_and(same));
        plan
    }

    /// No header: the columns have numbers.
    pub(crate) fn none(sample: &[Vec<String>]) -> Self {
        Plan::known(numbered(most_common_width(sample).unwrap_or(0)))
    }

    /// Judges the first rows of a file.
    pub(crate) fn detect(sample: &[Vec<String>]) -> Self {
        let Some(width) = most_common_width(sample) else {
            return Plan::known(Vec::new());
        };
        let mut notes = Vec::new();
        let skip = before_table(sample, width);
        if skip > 0 {
            let lines = if skip == 1 { "line" } else { "lines" };
            notes.push(
                Note::new(
                    rules::LINES_SKIPPED.code,
                    format!("{skip} {lines} before the header skipped"),
                )
                .with_zh(format!("跳过表头之前的 {skip} 行")),
            );
        }
        let table = &sample[skip..];
        let Some(first) = table.first() else {
            return Plan::known(Vec::new());
        };
        if !is_header(first, &table[1..]) {
            notes.push(
                Note::new(
                    rules::NO_HEADER.code,
                    "the first line looks like data: the columns are named by number",
                )
                .with_zh("首行像数据：列以编号命名"),
            );
            let names = numbered(width);
            return Plan {
                skip,
                rows: 0,
                names,
                notes,
            };
        }
        let two = table.get(1).is_some_and(|second| {
            is_second_line(first, second, table.get(2..).unwrap_or_default())
        });
        let names = match two {
            true => {
                notes.push(
                    Note::new(rules::LINES_JOINED.code, "a header of two lines joined")
                        .with_zh("两行表头已合并"),
                );
                joined(first, &table[1])
            }
            false => first.iter().map(|cell| tidy(cell)).collect(),
        };
        let rows = if two { 2 } else { 1 };
        // a delimiter at the end of every row but the header's makes a column without a name
        let blank_tail = |row: &Vec<String>| {
            row.get(names.len()..)
                .is_some_and(|tail| tail.iter().all(|cell| cell.trim().is_empty()))
        };
        let names = match width > names.len() && table[rows..].iter().all(blank_tail) {
            true => widened(names, width),
            false => names,
        };
        let names = distinct(names, &mut notes);
        Plan {
            skip,
            rows,
            names,
            notes,
        }
    }
}

/// The number of cells most rows have.
fn most_common_width(sample: &[Vec<String>]) -> Option<usize> {
    let mut widths: Vec<usize> = sample.iter().map(Vec::len).collect();
    widths.sort_unstable();
    widths
        .chunk_by(|one, other| one == other)
        .max_by_key(|run| (run.len(), run[0]))
        .map(|run| run[0])
}

/// Number of rows before the table: those with far fewer cells than it has columns, or with one
/// filled cell where the table has several.
fn before_table(sample: &[Vec<String>], width: usize) -> usize {
    if width < 2 {
        return 0;
    }
    let filled = |row: &Vec<String>| row.iter().filter(|cell| !cell.trim().is_empty()).count();
    let usual = {
        let mut counts: Vec<usize> = sample.iter().map(filled).collect();
        counts.sort_unstable();
        counts[counts.len() / 2]
    };
    let stands_before = |row: &&Vec<String>| {
        let cells = filled(row);
        let few = cells * 3 <= usual.max(2) || cells <= 1 && usual >= 2;
        // a header keeps its width even where most of its cells are empty
        few && (row.len() != width || cells <= 1) || row.len() * 2 < width && cells < usual
    };
    let skip = sample
        .iter()
        .take(MOST_SKIPPED)
        .take_while(stands_before)
        .count();
    // a file of nothing else has no preamble
    if skip >= sample.len() { 0 } else { skip }
}

/// What a cell looks like, where that tells data from names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Empty,
    /// A number, perhaps with a unit behind it; a date; an address of a page or of a mailbox.
    Data,
    Words,
}

fn look(cell: &str) -> Look {
    let cell = cell.trim();
    if cell.is_empty() {
        return Look::Empty;
    }
    let digits = cell.chars().filter(char::is_ascii_digit).count();
    let letters = cell.chars().filter(|one| one.is_alphabetic()).count();
    let first = cell.chars().next().unwrap_or(' ');
    let starts_as_number = first.is_ascii_digit() || "+-¥￥$.".contains(first) && digits > 0;
    let lower = cell.to_ascii_lowercase();
    if lower.starts_with("http://")
        || lower.starts_with("https://")
        || cell.contains('@') && cell.contains('.')
        || lower == "true"
        || lower == "false"
        || starts_as_number && digits >= letters
        || starts_as_number && digits > 0 && letters <= 12 && !cell.is_ascii()
    {
        return Look::Data;
    }
    Look::Words
}

/// Whether the first row names the columns rather than being one of them.
fn is_header(first: &[String], rest: &[Vec<String>]) -> bool {
    let looks: Vec<Look> = first.iter().map(|cell| look(cell)).collect();
    let data = looks.iter().filter(|&&one| one == Look::Data).count();
    let words = looks.iter().filter(|&&one| one == Look::Words).count();
    if words == 0 {
        return false;
    }
    if data == 0 && rest.is_empty() {
        return true;
    }
    // columns of data speak: under a name they begin with words, without one with data
    let (mut with, mut without) = (0, 0);
    for (column, &one) in looks.iter().enumerate() {
        let cells = rest
            .iter()
            .filter_map(|row| row.get(column))
            .map(|cell| look(cell));
        let (mut as_data, mut filled) = (0, 0);
        for cell in cells.filter(|&cell| cell != Look::Empty) {
            filled += 1;
            as_data += usize::from(cell == Look::Data);
        }
        if filled > 0 && as_data * 10 >= filled * 8 {
            match one {
                Look::Words => with += 1,
                Look::Data => without += 1,
                Look::Empty => {}
            }
        }
    }
    if with + without > 0 {
        return with > without;
    }
    // all words: names differ from each other and are not values of their columns
    if data * 4 > first.len() {
        return false;
    }
    let repeats = first
        .iter()
        .enumerate()
        .filter(|(column, name)| {
            !name.trim().is_empty() && rest.iter().any(|row| row.get(*column) == Some(name))
        })
        .count();
    let longest = first
        .iter()
        .map(|cell| cell.chars().count())
        .max()
        .unwrap_or(0);
    // one column may have its own name among its values (`deceptive`: truthful, deceptive)
    repeats * 2 < words.max(2) && longest <= 60
}

/// Whether the second row goes on with the header: names under the group names of the first, where
/// the first leaves cells empty as merged cells do.
fn is_second_line(first: &[String], second: &[String], rest: &[Vec<String>]) -> bool {
    let empty = |row: &[String]| row.iter().filter(|cell| cell.trim().is_empty()).count();
    let holes = empty(first);
    if holes == 0 || first.len() < 3 || second.len() != first.len() {
        return false;
    }
    if second.iter().any(|cell| look(cell) == Look::Data) {
        return false;
    }
    // a second line fills some holes of the first, and what is under it looks different
    let fills = first
        .iter()
        .zip(second)
        .filter(|(one, other)| one.trim().is_empty() && !other.trim().is_empty())
        .count();
    let covered = first
        .iter()
        .zip(second)
        .all(|(one, other)| !one.trim().is_empty() || !other.trim().is_empty());
    fills > 0 && covered && !rest.is_empty() && is_header(second, rest) && has_data(rest)
}

/// Whether some column of the rows holds data that words can be told from.
fn has_data(rows: &[Vec<String>]) -> bool {
    rows.iter()
        .take(20)
        .any(|row| row.iter().any(|cell| look(cell) == Look::Data))
}

/// Two lines made one: a group's name stands before the names under it, also over the cells merged
/// into it.
fn joined(first: &[String], second: &[String]) -> Vec<String> {
    let mut group = String::new();
    first
        .iter()
        .zip(second)
        .map(|(above, below)| {
            let (above, below) = (tidy(above), tidy(below));
            if !above.is_empty() {
                group.clone_from(&above);
            }
            match (below.is_empty(), above.is_empty()) {
                (true, _) => above,
                (false, false) => format!("{above} {below}"),
                (false, true) => match group.is_empty() {
                    true => below,
                    false => format!("{group} {below}"),
                },
            }
        })
        .collect()
}

/// A name without blanks around it and without line breaks.
fn tidy(name: &str) -> String {
    name.split(|one: char| one.is_whitespace() || matches!(one, '\u{feff}' | '\u{200b}'))
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `column 1`, `column 2`, …
fn numbered(width: usize) -> Vec<String> {
    widened(Vec::new(), width)
}

/// The names, and empty ones for the columns behind them.
fn widened(mut names: Vec<String>, width: usize) -> Vec<String> {
    for column in names.len()..width {
        names.push(format!("column {}", column + 1));
    }
    names
}

/// Gives nameless columns a number, and repeated names one behind them.
fn distinct(names: Vec<String>, notes: &mut Vec<Note>) -> Vec<String> {
    let mut seen: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    let mut repeated = Vec::new();
    let mut blank = Vec::new();
    let mut out: Vec<String> = Vec::with_capacity(names.len());
    let taken: std::collections::HashSet<String> = names.iter().cloned().collect();
    for (column, name) in names.into_iter().enumerate() {
        let name = if name.is_empty() {
            blank.push((column + 1).to_string());
            format!("column {}", column + 1)
        } else {
            name
        };
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count == 1 {
            out.push(name);
            continue;
        }
        let mut number = *count;
        let mut other = format!("{name} ({number})");
        while taken.contains(&other) {
            number += 1;
            other = format!("{name} ({number})");
        }
        *count = number;
        if !repeated.contains(&name) {
            repeated.push(name);
        }
        out.push(other);
    }
    if !repeated.is_empty() {
        let list = shortened(&repeated);
        notes.push(
            Note::new(
                rules::DUPLICATE_HEADER.code,
                format!("headers that stand more than once got numbers: {list}"),
            )
            .with_zh(format!("重复的表头已加编号：{list}")),
        );
    }
    if !blank.is_empty() {
        let list = shortened(&blank);
        notes.push(
            Note::new(
                rules::BLANK_HEADER.code,
                format!("columns without a name: {list}"),
            )
            .with_zh(format!("没有名称的列：{list}")),
        );
    }
    out
}

/// The first few of a list.
fn shortened(list: &[String]) -> String {
    let mut text = list.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
    if list.len() > 5 {
        text.push_str(&format!(", … ({})", list.len()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<Vec<String>> {
        text.lines()
            .map(|line| line.split(',').map(str::to_owned).collect())
            .collect()
    }

    fn plan(text: &str) -> (usize, usize, String) {
        let plan = Plan::detect(&rows(text));
        (plan.skip, plan.rows, plan.names.join("/"))
    }

    #[test]
    fn plain_headers() {
        assert_eq!(
            plan("id,price,area\n1,2,3\n4,5,6"),
            (0, 1, "id/price/area".into())
        );
        assert_eq!(plan("id,price"), (0, 1, "id/price".into()));
        assert_eq!(plan("name\n望京\n天通苑"), (0, 1, "name".into()));
        assert_eq!(
            plan("区,小区\n朝阳,望京\n昌平,回龙观"),
            (0, 1, "区/小区".into())
        );
        assert_eq!(
            plan(",flood,Unit\n0,东直门,5\n1,安贞,6"),
            (0, 1, "column 1/flood/Unit".into())
        );
        assert_eq!(
            plan("id,sqft_living15\n1,1340\n2,1690"),
            (0, 1, "id/sqft_living15".into())
        );
        assert_eq!(plan(""), (0, 0, "".into()));
    }

    #[test]
    fn lines_before_the_header() {
        let text = "房源导出 2025-03-01\n制表人:某\nid,price,area,city\n1,2,3,北京\n4,5,6,上海\n7,8,9,杭州";
        assert_eq!(plan(text), (2, 1, "id/price/area/city".into()));
        let text = "房源表,,,\nid,price,area,city\n1,2,3,北京\n4,5,6,上海\n7,8,9,杭州";
        assert_eq!(plan(text), (1, 1, "id/price/area/city".into()));
    }

    #[test]
    fn two_lines_of_header() {
        let text = "编号,价格,,面积,\n,总价,单价,建筑,套内\nA1,520,9万,89,70\nA2,310,5万,62,50";
        assert_eq!(
            plan(text),
            (0, 2, "编号/价格 总价/价格 单价/面积 建筑/面积 套内".into())
        );
    }

    #[test]
    fn no_header() {
        assert_eq!(plan("A1,520,89.5\nA2,310,62\nA3,99,30").1, 0);
        assert_eq!(
            plan("1,2,3\n4,5,6"),
            (0, 0, "column 1/column 2/column 3".into())
        );
        assert_eq!(plan("望京,3室2厅,520万\n回龙观,2室1厅,310万").1, 0);
    }

    #[test]
    fn names_are_made_distinct() {
        let plan = Plan::detect(&rows("price,price,,price (2),price\n1,2,3,4,5\n6,7,8,9,0"));
        assert_eq!(
            plan.names,
            ["price", "price (3)", "column 3", "price (2)", "price (4)"]
        );
        let codes: Vec<&str> = plan.notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(codes, ["X132", "X138"]);
    }

    #[test]
    fn a_delimiter_at_the_end_of_rows_is_forgiven() {
        let plan = Plan::detect(&rows("id,price\n1,2,\n3,4,\n"));
        assert_eq!(plan.names, ["id", "price", "column 3"]);
        let plan = Plan::detect(&rows("id,price\n1,2,x\n3,4,\n"));
        assert_eq!(plan.names, ["id", "price"]);
    }

    #[test]
    fn given_names() {
        let names = ["a".to_owned(), "b".to_owned()];
        let plan = Plan::given(&names, &rows("1,2,3\n4,5,6"));
        assert_eq!(plan.names, ["a", "b", "column 3"]);
        assert_eq!(plan.rows, 0);
        assert_eq!(Plan::given(&names, &rows("A,B\n4,5")).rows, 1);
    }
}
