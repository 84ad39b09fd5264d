//! Column understanding on real listing files, where they are at hand: `BROKERKIT_REAL_FILES` names
//! the folder that holds `listings`. Where it is not set there is nothing to look at and the test passes.

use std::path::{Path, PathBuf};

use intake::understand::{Understanding, Wishes, understand};
use intake::{Input, ReadOptions, Record, open, synonyms};

/// Per file: the field of every column in its order, units that matter, and facts.
const FILES: &[(&str, &str, &str, &str)] = &[
    (
        "communities_beijing_lianjia_utf8.csv",
        "(skipped), community_id, subdivision_name, county_or_parish, mls_area_major, metro, listings_count",
        "",
        "city=北京",
    ),
    (
        "communities_shanghai.xlsx",
        "city, subdivision_name, county_or_parish mls_area_major, building_form, buildings, households, unit_price",
        "unit_price=CNY per SquareMeters",
        "currency=CNY",
    ),
    (
        "deals_nanjing_lianjia_utf8.csv",
        "county_or_parish, subdivision_name, layout, building_area_total, orientation, elevator, floor, (by form), close_date, close_price, unit_price, metro",
        "close_price=万 CNY; building_area_total=SquareMeters",
        "standard_status=Closed; city=南京",
    ),
    (
        "kc_house_data.csv",
        "listing_id, on_market_date, list_price, bedrooms_total, bathrooms_total_integer, living_area, lot_size_area, stories, waterfront, view, condition, (left over), above_grade_area, below_grade_area, year_built, year_renovated, postal_code, latitude, longitude, (left over), (left over)",
        "list_price=USD; living_area=SquareFeet; lot_size_area=SquareFeet",
        "currency=USD; country=US",
    ),
    (
        "lianjia_beijing_510_utf8bom.csv",
        "title, subdivision_name - mls_area_major, (by form), (by form), list_price, unit_price",
        "list_price=万 CNY",
        "currency=CNY",
    ),
    (
        "lianjia_beijing_cr_only.csv",
        "orientation, mls_area_major, elevator, stories_total, subdivision_name, listing_id, layout, list_price, county_or_parish, decoration, building_area_total, year_built",
        "list_price=万 CNY; building_area_total=SquareMeters",
        "city=北京",
    ),
    (
        "lianjia_beijing_plain_utf8.csv",
        "orientation, mls_area_major, elevator, stories_total, subdivision_name, listing_id, layout, list_price, county_or_parish, decoration, building_area_total, year_built",
        "list_price=万 CNY; building_area_total=SquareMeters",
        "city=北京",
    ),
    (
        "lianjia_beijing_splitcols_gbk.csv",
        "(skipped), subdivision_name - mls_area_major, (by form), (by form), (by form), (by form), (by form), (by form), (by form), (by form), tags, list_price, unit_price",
        "list_price=万 CNY",
        "currency=CNY",
    ),
    (
        "lianjia_beijing_viewings_utf8.csv",
        "url, subdivision_name, layout, building_area_total, metro_line, metro, metro_distance, list_price, unit_price, showing_count",
        "list_price=万 CNY; building_area_total=SquareMeters",
        "city=北京; business_line=resale",
    ),
    (
        "lianjia_hangzhou_webscraper_utf8bom.csv",
        "(skipped), (skipped), title, subdivision_name, list_price, unit_price, mls_area_major, (by form)",
        "list_price=万 CNY",
        "city=杭州",
    ),
    (
        "lianjia_shanghai_cnheader_gbk.csv",
        "subdivision_name, layout, building_area_total, county_or_parish, floor, orientation, unit_price, year_built",
        "unit_price=CNY per SquareMeters",
        "price_basis=unit; country=CN",
    ),
    (
        "lianjia_wuhan_2018_utf8.csv",
        "layout, floor, building_area_total, levels, living_area, building_form, orientation, structure, decoration, lift_ratio, elevator, land_years, on_market_date, tenure, last_sale_date, property_sub_type, holding, ownership_shared, mortgage, title_uploaded, subdivision_name, down_payment, taxes, list_price, unit_price, url",
        "list_price=万 CNY; down_payment=万 CNY; taxes=万 CNY",
        "city=武汉",
    ),
    (
        "melbourne_sales.csv",
        "city, unparsed_address, rooms_total, property_sub_type, close_price, standard_status, list_office_name, close_date, distance_to_center, postal_code, bedrooms_total, bathrooms_total_integer, parking_total, lot_size_area, building_area_total, year_built, county_or_parish, latitude, longitude, mls_area_major, (left over), listing_id",
        "close_price=AUD; building_area_total=SquareMeters; close_date=dmy",
        "currency=AUD; country=AU",
    ),
    (
        "rent_beijing_beike_utf8.csv",
        "orientation, mls_area_major, floor, lease_amount, layout, title, building_area_total, subdivision_name, county_or_parish",
        "lease_amount=CNY per month",
        "business_line=rental; city=北京",
    ),
    (
        "rent_beijing_lianjia.jsonl",
        "title, county_or_parish - mls_area_major - subdivision_name, layout, listing_id, lease_amount, tags, rent_mode, building_area_total, orientation, floor, elevator, parking, water, electricity, gas, heating, furnished, public_remarks",
        "lease_amount=CNY per month; building_area_total=SquareMeters",
        "business_line=rental; city=北京",
    ),
    (
        "rent_beijing_lianjia_utf8.csv",
        "floor, building_area_total, layout, subdivision_name, orientation, county_or_parish, title, mls_area_major, lease_amount",
        "lease_amount=CNY per month",
        "business_line=rental; city=北京",
    ),
    (
        "rent_tianjin_lianjia_array.json",
        "url, title, subdivision_name, layout, building_area_total, mls_area_major, floor, building_form, orientation, lease_amount, on_market_date, view_count, metro_line, metro, metro_distance, captured_date",
        "lease_amount=CNY per month",
        "business_line=rental; city=天津",
    ),
];

fn read(path: &Path) -> Understanding {
    let input = Input::File(path.to_owned());
    let mut table = open(&input, &ReadOptions::default()).expect("the file opens");
    let (mut sample, mut record) = (Vec::new(), Record::new());
    while sample.len() < 2_000 && table.read(&mut record).expect("the file reads") {
        sample.push(record.clone());
    }
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    let target = if name.starts_with("communities") {
        synonyms::community()
    } else {
        synonyms::listing()
    };
    understand(
        target,
        table.headers(),
        table.has_header(),
        &sample,
        &Wishes::default(),
    )
    .expect("the columns are understood")
}

#[test]
fn every_real_file_is_understood_without_a_mapping() {
    let Some(folder) = std::env::var_os("BROKERKIT_REAL_FILES").map(PathBuf::from) else {
        return;
    };
    let mut wrong = Vec::new();
    for (name, fields, units, facts) in FILES {
        let path = [folder.join("listings").join(name), folder.join(name)]
            .into_iter()
            .find(|path| path.exists());
        let Some(path) = path else { continue };
        let found = read(&path);
        let table = found.table();
        let columns: Vec<String> = table
            .iter()
            .take(found.columns.len())
            .map(|row| row[1].split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        if columns.join(", ") != *fields {
            wrong.push(format!(
                "{name}: fields\n  {}\n  {fields}",
                columns.join(", ")
            ));
        }
        for (field, unit) in units.split("; ").filter_map(|pair| pair.split_once('=')) {
            let row = table.iter().find(|row| row[1] == field);
            if row.is_none_or(|row| row[2] != unit) {
                wrong.push(format!(
                    "{name}: unit of {field}: {:?}, not {unit}",
                    row.map(|row| &row[2])
                ));
            }
        }
        for (field, value) in facts.split("; ").filter_map(|pair| pair.split_once('=')) {
            if found.fact(field) != Some(value) {
                wrong.push(format!(
                    "{name}: fact {field}: {:?}, not {value}",
                    found.fact(field)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
