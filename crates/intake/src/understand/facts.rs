//! What holds for the whole file: sale or rental, closed deals, city, country; and where one column
//! decides how another is read.

use model::codes_text;
use model::listing::ListingField;

use super::profile::Profile;
use super::{BareFloor, Fact, File, Meaning, Understanding};
use crate::{places, recognise};

impl Understanding {
    pub(super) fn add_fact(&mut self, field: &str, value: &str, evidence: impl Into<String>) {
        if self.fact(field).is_none() {
            self.facts.push(Fact {
                field: field.to_owned(),
                value: value.to_owned(),
                evidence: evidence.into(),
                assumed: false,
            });
        }
    }

    /// A fact that nothing in the file tells.
    pub(super) fn assume_fact(&mut self, field: &str, value: &str, evidence: impl Into<String>) {
        if self.fact(field).is_none() {
            self.add_fact(field, value, evidence);
            if let Some(fact) = self.facts.last_mut() {
                fact.assumed = true;
            }
        }
    }

    pub(super) fn rename(&mut self, from: &str, to: &str, why: &str) {
        if self.column_of(to).is_none()
            && let Some(at) = self.column_of(from)
        {
            let column = &mut self.columns[at];
            column.meaning = Meaning::Field(to.to_owned());
            column.evidence = format!("{}; {why}", column.evidence);
        }
    }

    fn wished(&self, field: &str) -> bool {
        self.column_of(field)
            .is_some_and(|at| self.columns[at].evidence.starts_with("`--map"))
    }
}

/// Share of the rows that have a value in a column.
fn filled(profile: &Profile<'_>) -> f64 {
    profile.filled as f64 / profile.cells.len().max(1) as f64
}

/// Sale or rental, offered or closed.
pub(super) fn trade(file: &File<'_>, found: &mut Understanding) {
    found.handling.price_basis = found.column_of("price_basis");
    let by_row = found.handling.price_basis.is_some() || found.column_of("business_line").is_some();
    if let Some(why) = rental(file, found).filter(|_| !by_row) {
        rent(found, &why);
    } else {
        deals(file, found);
        if !by_row && let Some(why) = url_share(file, "/ershoufang/") {
            found.add_fact("business_line", "resale", why);
        }
    }
    floors(file, found);
}

/// Makes a file one of rents.
pub(super) fn rent(found: &mut Understanding, why: &str) {
    if !found.wished("list_price") {
        found.rename(
            "list_price",
            "lease_amount",
            "a rent, because the file is of rentals",
        );
    }
    found.add_fact("business_line", "rental", why);
    if found.column_of("lease_amount").is_some() {
        found.add_fact("price_basis", "rent_month", why);
    }
}

fn url_share(file: &File<'_>, part: &str) -> Option<String> {
    file.profiles
        .iter()
        .any(|profile| {
            profile.form("address of a page") > 0.5
                && profile.share(|value| value.text.contains(part)) >= 0.5
        })
        .then(|| format!("the pages' addresses hold `{part}`"))
}

fn rental(file: &File<'_>, found: &Understanding) -> Option<String> {
    let header = |at: usize| &file.headers[at];
    if let Some(at) = found
        .column_of("list_price")
        .or(found.column_of("lease_amount"))
        && file.profiles[at].share(|value| {
            value.text.contains("/月")
                || value.text.contains("每月")
                || value.text.contains("per month")
        }) >= 0.5
    {
        return Some(format!(
            "the prices of `{}` are paid by the month",
            header(at)
        ));
    }
    if let Some(at) = found.column_of("lease_amount")
        && found.column_of("list_price").is_none()
        && found.column_of("close_price").is_none()
        && filled(&file.profiles[at]) > 0.3
    {
        return Some(format!(
            "`{}` is a rent, and there is no sale price",
            header(at)
        ));
    }
    if let Some(at) = found.column_of("rent_mode")
        && filled(&file.profiles[at]) > 0.5
    {
        return Some(format!("`{}` says whole or shared", header(at)));
    }
    if let Some(at) = found.column_of("title")
        && file.profiles[at].share(|value| recognise::title_rent_mode(value.text).is_some()) >= 0.5
    {
        return Some(format!(
            "the titles of `{}` begin with 整租 or 合租",
            header(at)
        ));
    }
    if let Some(column) = found
        .columns
        .iter()
        .find(|column| column.strip.as_deref() == Some("租房"))
    {
        return Some(format!("the places of `{}` end with 租房", column.header));
    }
    url_share(file, "/zufang/")
        .or_else(|| url_share(file, "/to-rent"))
        .or_else(|| url_share(file, "-to-rent"))
}

/// Headers that say of a price that it is asked.
fn asked(header: &str) -> bool {
    let key = super::header::key(header);
    [
        "list", "ask", "挂牌", "报价", "guapai", "baojia", "guide", "offer",
    ]
    .iter()
    .any(|word| key.contains(word))
}

fn deals(file: &File<'_>, found: &mut Understanding) {
    let method = found.column_of("standard_status").filter(|at| {
        let profile = &file.profiles[*at];
        profile.distinct > 1
            && profile.share(|value| codes_text::sale_method_status(value.text).is_some()) >= 0.6
    });
    let dated = found
        .column_of("close_date")
        .filter(|at| filled(&file.profiles[*at]) >= 0.9);
    let priced = found
        .column_of("close_price")
        .filter(|at| filled(&file.profiles[*at]) >= 0.9);
    let Some(proof) = method.or(dated).or(priced) else {
        return;
    };
    let why = format!("`{}` tells of closed deals", file.headers[proof]);
    let price = found
        .column_of("list_price")
        .filter(|at| !asked(&file.headers[*at]));
    if price.is_some() && !found.wished("list_price") {
        found.rename("list_price", "close_price", &why);
    }
    for generic in ["on_market_date", "on_market_timestamp"] {
        let date = found
            .column_of(generic)
            .map(|at| super::header::key(&file.headers[at]));
        if date.is_some_and(|key| ["date", "time", "日期", "时间"].contains(&key.as_str()))
            && !found.wished(generic)
        {
            found.rename(generic, "close_date", &why);
        }
    }
    found.handling.sale_method = method;
    if found.column_of("standard_status").is_none() {
        found.add_fact("standard_status", "Closed", why);
    }
}

/// A column of bare numbers under a header that may be the home's floor or the building's height: low
/// floors are in every building, low buildings are few.
fn floors(file: &File<'_>, found: &mut Understanding) {
    let Some(at) = found.column_of("entry_level") else {
        return;
    };
    let profile = &file.profiles[at];
    if found.column_of("stories_total").is_some()
        || found.column_of("floor").is_some()
        || found.wished("entry_level")
    {
        return;
    }
    let low = profile.share(|value| value.number.is_some_and(|number| number <= 3.0));
    if profile.filled >= 20 && profile.distinct >= 4 && low < 0.12 {
        let why = format!(
            "only {}% of the numbers are 1 to 3, so they are heights of buildings and not floors of homes",
            (low * 100.0).round()
        );
        found.rename("entry_level", "stories_total", &why);
        found.columns[at].unit.bare_floor = BareFloor::Total;
    }
}

/// Country and city.
pub(super) fn place(file: &File<'_>, found: &mut Understanding) {
    if found.column_of("country").is_none()
        && let Some((country, why)) = country(file, found)
    {
        found.add_fact("country", country, why);
    }
    if found.column_of("city").is_some()
        || found.columns.iter().any(|column| matches!(&column.meaning, Meaning::Split { fields, .. } if fields.iter().any(|field| field == "city")))
    {
        return;
    }
    for (at, profile) in file.profiles.iter().enumerate() {
        if profile.form("address of a page") < 0.8 {
            continue;
        }
        let mut cities: Vec<&str> = profile
            .values
            .iter()
            .filter_map(|value| recognise::url_city(value.text))
            .collect();
        let known = profile.share(|value| recognise::url_city(value.text).is_some());
        cities.sort_unstable();
        cities.dedup();
        if known < 0.9 {
            continue;
        }
        if let [city] = cities[..] {
            found.add_fact(
                "city",
                city,
                format!("host of the pages in `{}`", file.headers[at]),
            );
        } else {
            found.handling.city_from_url = Some(at);
        }
        return;
    }
    if let Some((city, header)) = city_of_districts(file, found) {
        found.add_fact(
            "city",
            city,
            format!("the districts in `{header}` are those of {city}"),
        );
    }
}

fn city_of_districts(file: &File<'_>, found: &Understanding) -> Option<(&'static str, String)> {
    let (at, names): (usize, Vec<&str>) = match found.column_of("county_or_parish") {
        Some(at) => (
            at,
            file.profiles[at]
                .values
                .iter()
                .map(|value| value.text)
                .collect(),
        ),
        None => {
            found
                .columns
                .iter()
                .enumerate()
                .find_map(|(at, column)| match &column.meaning {
                    Meaning::Split { separator, fields } => {
                        let part = fields
                            .iter()
                            .position(|field| field == "county_or_parish")?;
                        let names = file.profiles[at]
                            .values
                            .iter()
                            .filter_map(|value| {
                                recognise::split(value.text, separator, fields.len(), part)
                                    .get(part)
                                    .copied()
                            })
                            .collect();
                        Some((at, names))
                    }
                    _ => None,
                })?
        }
    };
    let mut names = names;
    names.sort_unstable();
    names.dedup();
    places::city_of_districts(&names).map(|city| (city, file.headers[at].clone()))
}

/// Longest and shortest latitude and longitude of a country's homes, good enough to tell currencies.
const BOXES: &[(&str, [f64; 4])] = &[
    ("HK", [22.1, 22.6, 113.8, 114.5]),
    ("SG", [1.1, 1.5, 103.5, 104.1]),
    ("AU", [-44.0, -10.0, 112.0, 154.0]),
    ("NZ", [-48.0, -34.0, 166.0, 179.0]),
    ("GB", [49.9, 59.5, -7.6, 1.8]),
    ("CN", [18.0, 53.6, 73.5, 124.0]),
    ("US", [24.3, 49.1, -125.0, -66.9]),
];

fn country(file: &File<'_>, found: &Understanding) -> Option<(&'static str, String)> {
    let profile = |field: &str| {
        found
            .column_of(field)
            .map(|at| (&file.profiles[at], file.headers[at].as_str()))
    };
    if let (Some((lat, a)), Some((long, b))) = (profile("latitude"), profile("longitude"))
        && let (Some(y), Some(x)) = (lat.median(), long.median())
        && let Some((country, _)) = BOXES.iter().find(|(_, [south, north, west, east])| {
            (*south..=*north).contains(&y) && (*west..=*east).contains(&x)
        })
    {
        return Some((country, format!("`{a}` and `{b}` lie there")));
    }
    let names = [
        "county_or_parish",
        "mls_area_major",
        "subdivision_name",
        "city",
        "unparsed_address",
        "title",
    ];
    for (at, column) in found.columns.iter().enumerate() {
        let place = match &column.meaning {
            Meaning::Field(field) => names.contains(&field.as_str()),
            Meaning::Split { .. } => true,
            Meaning::Tokens => true,
            _ => false,
        };
        if place && file.profiles[at].filled > 0 && file.profiles[at].chinese() {
            return Some(("CN", format!("`{}` is written in Chinese", column.header)));
        }
    }
    if let Some((states, header)) = profile("state_or_province") {
        const AU: &[&str] = &["VIC", "NSW", "QLD", "TAS", "ACT"];
        if states.share(|value| AU.contains(&value.text.to_ascii_uppercase().as_str())) > 0.4 {
            return Some(("AU", format!("`{header}` holds Australian states")));
        }
        if states.share(|value| {
            value.text.len() == 2 && value.text.bytes().all(|b| b.is_ascii_uppercase())
        }) > 0.8
        {
            return Some(("US", format!("`{header}` holds two-letter states")));
        }
    }
    let (codes, header) = profile("postal_code")?;
    let british = |text: &str| {
        let mut parts = text.split(' ');
        matches!((parts.next(), parts.next()), (Some(out), Some(inward))
            if (2..=4).contains(&out.len()) && inward.len() == 3 && out.starts_with(|c: char| c.is_ascii_alphabetic())
                && inward.starts_with(|c: char| c.is_ascii_digit()))
    };
    if codes.share(|value| british(value.text)) > 0.5 {
        return Some(("GB", format!("`{header}` holds British postcodes")));
    }
    let five = codes.share(|value| {
        value
            .text
            .split('-')
            .next()
            .is_some_and(|zip| zip.len() == 5 && zip.bytes().all(|b| b.is_ascii_digit()))
    });
    (five > 0.8 && super::header::key(header).contains("zip"))
        .then(|| ("US", format!("`{header}` holds five-digit zip codes")))
}

/// Where ids and rent modes come from when no column holds them.
pub(super) fn identity(file: &File<'_>, found: &mut Understanding) {
    let id = match file.target.name {
        "community" => "community_id",
        "member" => "member_id",
        _ => "listing_id",
    };
    let has_id =
        found.column_of(id).is_some() || found.column_of("originating_system_key").is_some();
    if !has_id {
        found.handling.id_from_url = file.profiles.iter().position(|profile| {
            profile.filled > 0
                && profile.share(|value| {
                    recognise::is_url(value.text) && recognise::url_id(value.text).is_some()
                }) >= 0.5
                && (profile.distinct_share() > 0.5 || profile.filled < 4)
        });
    }
    if file.target.name != "listing" {
        return;
    }
    if found.column_of("rent_mode").is_none() {
        found.handling.rent_mode_from_title = found.column_of("title").filter(|at| {
            file.profiles[*at].share(|value| recognise::title_rent_mode(value.text).is_some())
                >= 0.3
        });
    }
    if found.handling.price_basis.is_none() {
        let has = |field: &str| found.column_of(field).is_some();
        let tokens_price = found.columns.iter().enumerate().any(|(at, column)| {
            column.meaning == Meaning::Tokens && file.profiles[at].form("price") > 0.5
        });
        if has("unit_price")
            && !has("list_price")
            && !has("close_price")
            && !has("lease_amount")
            && !tokens_price
        {
            found.add_fact(
                "price_basis",
                "unit",
                "the only price is that of a unit of area",
            );
        } else if has("list_price") || has("close_price") {
            found.add_fact(
                "price_basis",
                "total",
                "the price is that of the whole home",
            );
        }
    }
    debug_assert!(found.columns.iter().all(|column| match &column.meaning {
        Meaning::Field(field) =>
            ListingField::from_name(field).is_some()
                || file.target.name != "listing"
                || ["layout", "floor", "video", "vr"].contains(&field.as_str()),
        _ => true,
    }));
}
