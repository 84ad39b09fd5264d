//! Column understanding over tables nobody would make: it never panics, it gives the same answer
//! twice, and what it says of columns is about columns there are.
#![allow(clippy::unwrap_used)]

use intake::understand::{Understanding, Wishes, understand};
use intake::{Record, recognise, synonyms};
use proptest::prelude::*;

/// Headers, some that mean something and some that do not.
const HEADERS: &str = "(房源编号|标题|小区|区域|户型|面积|建筑面积\\(㎡\\)|总价\\(万\\)|单价|朝向|楼层|年代|挂牌时间|租金|价格|电话|标签|链接|备注|area|price|list price|beds|baths|lat|lng|url|date|status|ListPrice|column 1|)|\\PC{0,12}";

/// Cells: values of every kind, pieces of them, and anything.
const CELLS: &str = "([0-9]{1,12}|-?[0-9]{1,6}\\.[0-9]{0,4}|[0-9]{1,4}万|[0-9.]{1,6}㎡|[0-9]室[0-9]厅|南 ?北|(低|中|高)楼层\\(共[0-9]{1,3}层\\)|20[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}|1[0-9]{10}|\\$[0-9]{1,3},[0-9]{3}|[0-9]室[0-9]厅 \\| [0-9]{2,3}㎡ \\| 南|https://x\\.cn/a/[0-9]{6}\\.html|暂无数据|面议|#N/A|1\\.38E\\+10|望京西园 - 朝阳|北京|)|\\PC{0,16}";

fn records(rows: &[Vec<String>]) -> Vec<Record> {
    (2..)
        .zip(rows)
        .map(|(line, cells)| Record::from_cells(line, cells))
        .collect()
}

fn told(answer: &Result<Understanding, intake::understand::Undecided>) -> String {
    match answer {
        Ok(found) => format!("{found:?}"),
        Err(error) => error.to_string(),
    }
}

proptest! {
    #[test]
    fn any_table_is_understood_or_refused(
        headers in prop::collection::vec(HEADERS, 0..9),
        shape in (0usize..9, prop::collection::vec(prop::collection::vec(CELLS, 0..9), 0..12)),
        has_header in any::<bool>(),
        wish in prop::option::of((HEADERS, "(list_price|layout|skip|extra|area|nonsense)")),
        unit in prop::option::of(("(list_price|building_area_total|价格)", "(万|元|㎡|sqft|x)")),
    ) {
        // columns of one kind, as tables have them, or none at all
        let (kind, mut rows) = shape;
        if kind > 3
            && let Some(first) = rows.first().cloned()
        {
            rows = vec![first; rows.len()];
        }
        let wishes = Wishes {
            map: wish.into_iter().collect(),
            units: unit.into_iter().collect(),
            ..Wishes::default()
        };
        let sample = records(&rows);
        for target in [synonyms::listing(), synonyms::community()] {
            let answer = understand(target, &headers, has_header, &sample, &wishes);
            if let Ok(found) = &answer {
                prop_assert_eq!(found.columns.len(), headers.len());
                found.table();
            }
            let again = understand(target, &headers, has_header, &sample, &wishes);
            prop_assert_eq!(told(&answer), told(&again));
        }
    }

    #[test]
    fn any_cell_is_recognised_or_not(cell in CELLS, separator in "[|/ ,-]{1,2}") {
        let found = recognise::recognise(&cell);
        if let Some(found) = &found {
            prop_assert!(!found.form().is_empty());
            found.field();
        }
        prop_assert_eq!(format!("{found:?}"), format!("{:?}", recognise::recognise(&cell)));
        recognise::ratio(&cell);
        recognise::title_rent_mode(&cell);
        for token in recognise::tokens(&cell) {
            prop_assert!(cell.contains(token));
        }
        for count in 0..4 {
            recognise::split(&cell, &separator, count, 1);
        }
    }
}
