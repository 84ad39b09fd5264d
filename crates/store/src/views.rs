//! Views for Datasette, BI and people with SQL: what the tables hold in forms of their own, as `list` tells it.

use model::field::{Field, Kind, Storage};
use model::listing::ListingField;
use model::money::Currency;

use crate::dialect::{Engine, column_type};
use crate::listing::facts;

/// Every finding of the last import of each listing.
pub(crate) fn finding(engine: Engine) -> String {
    let each = match engine {
        Engine::Sqlite => "json_each(listing.findings) AS found",
        Engine::Postgres => "json_array_elements(listing.findings::json) AS found (value)",
    };
    format!(
        "\n-- What the rules found when each listing was last imported.\n\
         CREATE VIEW finding AS\nSELECT listing_key, listing_id, found.value ->> 0 AS code, \
         found.value ->> 1 AS effect,\n  nullif(found.value ->> 2, '') AS field, \
         nullif(found.value ->> 3, '') AS detail\nFROM listing, {each};\n"
    )
}

/// Every listing with every field that is not private: amounts and areas in whole units, instants as text.
pub(crate) fn listing(engine: Engine) -> String {
    let mut view = String::from(
        "\n-- Every listing with every field that is not private, as `list` names them; amounts in units of the\n\
         -- currency, areas in their units, instants in UTC.\n\
         CREATE VIEW listing_view AS\nSELECT\n  \
         (SELECT source FROM run_input WHERE run_input.id = listing.input) AS source, line, listing_key,\n  \
         coalesce(home_key, 'H' || substr(listing_key, 2)) AS home_key, frozen,\n  \
         coalesce(verification, 'unverified') AS verification",
    );
    for field in ListingField::ALL {
        let Field { name, kind, .. } = *field.field();
        let Some(value) = value(engine, *field) else {
            continue;
        };
        let shown = match (kind, engine) {
            (Kind::Money, _) => amount(engine, &value),
            (Kind::Area, _) => format!("{value} / 100.0"),
            (Kind::Instant, Engine::Sqlite) => {
                format!("strftime('%Y-%m-%dT%H:%M:%SZ', {value} / 1000000, 'unixepoch')")
            }
            (Kind::Instant, Engine::Postgres) => format!(
                "to_char(to_timestamp({value} / 1000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
            ),
            _ if *field == ListingField::OriginatingSystemKey => {
                format!("coalesce({value}, listing_id)")
            }
            _ => value,
        };
        view.push_str(",\n  ");
        view.push_str(&shown);
        if shown != name {
            view.push_str(" AS ");
            view.push_str(name);
        }
    }
    view + "\nFROM listing;\n"
}

/// What a field holds, as it is kept; nothing of a private one.
fn value(engine: Engine, field: ListingField) -> Option<String> {
    let Field {
        name,
        kind,
        storage,
        ..
    } = *field.field();
    let member = |column: &str, place: String| {
        let number = column_type(kind) == "INTEGER" && kind != Kind::Flag;
        match engine {
            Engine::Sqlite => format!("{column} ->> {place}"),
            Engine::Postgres if number => format!("({column}::json ->> {place})::bigint"),
            Engine::Postgres => format!("{column}::json ->> {place}"),
        }
    };
    match storage {
        Storage::Sealed => None,
        Storage::Column => Some(name.to_owned()),
        Storage::Detail => Some(member("detail", format!("'{name}'"))),
        Storage::Fact => match facts::at(&facts::NUMBERS, field) {
            Some(place) => Some(member("fact_numbers", place.to_string())),
            None => {
                facts::at(&facts::TEXTS, field).map(|place| member("fact_texts", place.to_string()))
            }
        },
    }
}

/// An amount in units of its currency.
fn amount(engine: Engine, minor: &str) -> String {
    let currency = value(engine, ListingField::Currency).unwrap_or_default();
    let unusual: String = Currency::unusual()
        .map(|(decimals, codes)| {
            let codes: Vec<&str> = codes.collect();
            let unit = 10_u32.pow(u32::from(decimals));
            format!(
                " WHEN {currency} IN ('{}') THEN {unit}.0",
                codes.join("', '")
            )
        })
        .collect();
    format!("{minor} / CASE{unusual} ELSE 100.0 END")
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn amounts_and_instants_are_told_as_people_read_them() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch(&crate::dialect::schema(Engine::Sqlite))
            .unwrap();
        let put = |key: &str, currency: &str| {
            let (mut numbers, mut texts) = (String::new(), String::new());
            let mut facts = facts::Facts::default();
            let at = |field| facts::at(&facts::NUMBERS, field).unwrap();
            facts.numbers[at(ListingField::UnitPrice)] = Some(12_345);
            facts.numbers[at(ListingField::OnMarketTimestamp)] = Some(1_000_000_000_000);
            facts.texts[facts::at(&facts::TEXTS, ListingField::Currency).unwrap()] = Some(currency);
            facts.write(&mut numbers, &mut texts);
            conn.execute(
                "INSERT INTO listing (listing_key, content_hash, created_run, updated_run, input, line, frozen,
                   place_hash, listing_id, list_price, fact_numbers, fact_texts)
                 VALUES ($key, 0, 1, 1, 1, 2, 0, 0, '7', 500, $numbers, $texts)",
                (key, numbers, texts),
            )
            .unwrap();
        };
        put("La", "CNY");
        put("Lb", "JPY");
        let mut statement = conn
            .prepare(
                "SELECT list_price, unit_price, on_market_timestamp, originating_system_key, home_key
                 FROM listing_view ORDER BY listing_key",
            )
            .unwrap();
        let rows: Vec<(f64, f64, String, String, String)> = statement
            .query_map([], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                ))
            })
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        let at = "1970-01-12T13:46:40Z".to_owned();
        let row =
            |price, unit, home: &str| (price, unit, at.clone(), "7".to_owned(), home.to_owned());
        assert_eq!(rows, [row(5.0, 123.45, "Ha"), row(500.0, 12_345.0, "Hb")]);
    }
}
