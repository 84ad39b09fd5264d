//! How well the values of a column suit a field its header may name.

use model::codes::AreaUnit;
use model::dates::{self, DateOrder};
use model::field::Kind;
use model::listing::ListingField;
use model::member::MemberField;
use model::money::{self, AmountError, Per};
use model::{area, codes_text, floor, orientation};

use super::profile::{Distinct, Profile, has_chinese};
use crate::places;
use crate::recognise;

/// Forms that no name, title or free text has.
const FOREIGN: &[&str] = &[
    "layout",
    "area",
    "floor",
    "orientation",
    "decoration",
    "year",
    "building form",
    "year and building form",
    "followers",
    "showings",
    "age of the advert",
    "address of a page",
    "lift ratio",
    "price",
    "elevator",
    "rent mode",
];

/// The kind of a field of a listing or a member; communities' own fields have theirs here.
pub(super) fn kind(field: &str) -> Kind {
    match field {
        "listings_count" | "buildings" | "households" => Kind::Integer,
        "aliases" => Kind::List,
        "association_fee" => Kind::Money,
        _ => ListingField::from_name(field)
            .map(ListingField::field)
            .or_else(|| MemberField::from_name(field).map(MemberField::field))
            .map_or(Kind::Text, |field| field.kind),
    }
}

/// Share of the values that can be read as the field; 1 where the sample is silent.
pub(super) fn fit(field: &str, profile: &Profile<'_>) -> f64 {
    if profile.filled == 0 {
        return 1.0;
    }
    let share = |holds: &dyn Fn(&Distinct<'_>) -> bool| profile.share(holds);
    let whole = |value: &Distinct<'_>, low: f64, high: f64| {
        value
            .number
            .is_some_and(|number| number.fract() == 0.0 && (low..=high).contains(&number))
    };
    match field {
        "layout" => profile.form("layout"),
        // `6/18` reads like a date or a ratio, too; under a header of floors it is a floor of so many
        "floor" => profile.form("floor").max(share(&|v| {
            floor::floor(v.text).is_some_and(|floor| {
                floor
                    .total
                    .is_some_and(|total| floor.level.is_some_and(|level| level <= total))
            })
        })),
        "entry_level" => {
            share(&|v| whole(v, -9.0, 200.0) || counted(v.text, &["层", "楼", "F", "f"]))
        }
        "floor_band" => share(&|v| {
            floor::floor(v.text).is_some_and(|floor| floor.band.is_some() && floor.total.is_none())
        }),
        "stories_total" => share(&|v| {
            whole(v, 1.0, 200.0)
                || floor::floor(v.text)
                    .is_some_and(|f| f.total.is_some() && f.band.is_none() && f.level.is_none())
        }),
        "stories" => {
            let low = share(&|v| v.number.is_some_and(|n| (0.0..=6.0).contains(&n)));
            // half floors are Western houses; so are files in which no building is high
            let high = profile.numbers.last().copied().unwrap_or(0.0) > 6.0;
            if high {
                0.0
            } else {
                low + 0.05 * f64::from(u8::from(profile.numbers.iter().any(|n| n.fract() != 0.0)))
            }
        }
        "year_built" | "year_renovated" => share(&|v| {
            v.number == Some(0.0)
                || v.form == Some("year and building form")
                || dates::year(v.text).is_some_and(|year| (1700..=2045).contains(&year))
        }),
        "orientation" | "direction_faces" => share(&|v| {
            v.form == Some("orientation")
                || v.number.is_none() && orientation::orientation(v.text).is_some()
        }),
        "bedrooms_total" | "living_rooms" | "kitchens" | "balconies" | "rooms_total"
        | "bathrooms_full" | "bathrooms_half" => share(&|v| {
            whole(v, 0.0, 60.0)
                || counted(
                    v.text,
                    &[
                        "室", "厅", "房", "厨", "卫", "个", "间", "bed", "beds", "bath", "baths",
                        "+",
                    ],
                )
        }),
        "bathrooms_total_integer" => share(&|v| {
            v.number.is_some_and(|n| (0.0..=40.0).contains(&n))
                || counted(v.text, &["卫", "个", "间", "bath", "baths", "+"])
        }),
        "latitude" => share(&|v| {
            v.number
                .is_some_and(|n| (-90.0..=90.0).contains(&n) && n != 0.0)
        }),
        "longitude" => share(&|v| {
            v.number
                .is_some_and(|n| (-180.0..=180.0).contains(&n) && n != 0.0)
        }),
        "unit_price" => share(&|v| match money::amount(v.text) {
            Ok(amount) => amount.per.is_none_or(|per| matches!(per, Per::AreaUnit(_))),
            Err(error) => matches!(error, AmountError::Negotiable),
        }),
        "lease_amount" => share(&|v| {
            v.form != Some("area")
                && match money::amount(v.text) {
                    Ok(amount) => !matches!(amount.per, Some(Per::AreaUnit(_) | Per::Home)),
                    Err(AmountError::Negotiable | AmountError::Unit) => true,
                    Err(_) => false,
                }
        }),
        "list_price" | "close_price" | "original_list_price" | "previous_list_price" => {
            share(&|v| {
                v.form != Some("area")
                    && match money::amount(v.text) {
                        Ok(amount) => !matches!(amount.per, Some(Per::AreaUnit(_))),
                        Err(AmountError::Negotiable) => true,
                        Err(_) => v.text.contains("元/月"),
                    }
            })
        }
        "url" => profile.form("address of a page"),
        "video" | "vr" => share(&|v| {
            v.form == Some("address of a page")
                || v.text.starts_with(['[', '{'])
                || v.text.contains(['.', '/']) && v.number.is_none() && !v.text.contains(' ')
        }),
        "elevator" => share(&|v| {
            v.form == Some("elevator")
                || codes_text::yes_no(v.text).is_some()
                || whole(v, 0.0, 20.0)
        }),
        "ownership_shared" => {
            share(&|v| v.text.contains("共有") || codes_text::yes_no(v.text).is_some())
        }
        "lift_ratio" => share(&|v| recognise::ratio(v.text).is_some() || v.text.contains(':')),
        "standard_status" => share(&|v| {
            codes_text::standard_status(v.text).is_some()
                || codes_text::sale_method_status(v.text).is_some()
        })
        .max(0.55 * text_fit(profile)),
        "property_type" => share(&|v| codes_text::property_type(v.text).is_some()),
        "property_sub_type" => {
            share(&|v| codes_text::property_sub_type(v.text).is_some()).max(0.6 * text_fit(profile))
        }
        "business_line" => share(&|v| codes_text::business_line(v.text).is_some()),
        "price_basis" => share(&|v| codes_text::price_basis(v.text).is_some()),
        "price_mode" => share(&|v| codes_text::price_mode(v.text).is_some()),
        "lease_amount_frequency" => share(&|v| codes_text::frequency(v.text).is_some()),
        "rent_mode" => share(&|v| codes_text::rent_mode(v.text).is_some()),
        "decoration" => {
            share(&|v| v.form == Some("decoration") || codes_text::decoration(v.text).is_some())
        }
        "building_form" => share(&|v| form_like(v.text)),
        "holding" => share(&|v| codes_text::holding(v.text).is_some()),
        "building_area_units" | "living_area_units" | "lot_size_units" => {
            share(&|v| super::unit::area_of(v.text).is_some())
        }
        "currency" => share(&|v| model::money::Currency::from_code(v.text).is_some()),
        "published_ago" => profile.form("age of the advert"),
        "follow_count" => share(&|v| {
            v.form == Some("followers") || counted(v.text, &["人", "次"]) || whole(v, 0.0, 1e7)
        }),
        "showing_count" => share(&|v| {
            v.form == Some("showings") || counted(v.text, &["人", "次"]) || whole(v, 0.0, 1e7)
        }),
        "postal_code"
        | "listing_id"
        | "originating_system_key"
        | "community_id"
        | "unit_number"
        | "building_name"
        | "entrance"
        | "street_number"
        | "school"
        | "condition"
        | "view"
        | "parking"
        | "channel"
        | "verification_code"
        | "list_agent_id"
        | "list_office_id"
        | "buyer_agent_id"
        | "co_list_agent_id"
        | "metro_line"
        | "parcel_number"
        | "association_fee"
        | "rent_terms"
        | "lease_term"
        | "owner_phone"
        | "heating"
        | "cooling"
        | "water"
        | "electricity"
        | "gas"
        | "furnished"
        | "levels"
        | "mls_status"
        | "taxes"
        | "down_payment"
        | "deposit"
        | "fee_statement"
        | "photos"
        | "tags"
        | "member_id"
        | "member_mls_id"
        | "member_full_name"
        | "member_mobile_phone"
        | "member_preferred_phone"
        | "member_email"
        | "wechat"
        | "office_id"
        | "office_name"
        | "licence"
        | "hours"
        | "leave"
        | "team"
        | "level" => match field {
            "listing_id" | "originating_system_key" | "community_id" => {
                let unlike = if profile.filled > 3 && profile.distinct_share() <= 0.5 {
                    0.3
                } else {
                    1.0
                };
                unlike
                    * share(&|v| {
                        v.text.len() <= 64
                            && v.form
                                .is_none_or(|form| form == "address of a page" || form == "year")
                    })
            }
            "taxes" | "down_payment" | "deposit" => {
                share(&|v| money::amount(v.text).is_ok() || v.number.is_some())
            }
            _ => share(&|v| {
                v.form.is_none_or(|form| {
                    !["layout", "area", "floor", "address of a page"].contains(&form)
                }) || field == "photos"
            }),
        },
        "subdivision_name" => {
            text_fit(profile)
                * if profile.chars > 16.0 && profile.chinese() || profile.chars > 40.0 {
                    0.6
                } else {
                    1.0
                }
        }
        "title" => text_fit(profile) * if profile.chars < 8.0 { 0.6 } else { 1.0 },
        "list_agent_full_name" => {
            let short = if profile.chinese() {
                profile.chars <= 4.2
            } else {
                profile.chars <= 40.0
            };
            text_fit(profile) * if short { 1.0 } else { 0.4 }
        }
        "city" | "county_or_parish" | "mls_area_major" | "mls_area_minor" | "state_or_province" => {
            text_fit(profile) * if profile.chars > 30.0 { 0.4 } else { 1.0 }
        }
        // a column with hours is of instants, one without is of days
        "on_market_timestamp" => share(&is_date) * if timed(profile) { 1.0 } else { 0.6 },
        "on_market_date" => share(&is_date) * if timed(profile) { 0.6 } else { 1.0 },
        "public_remarks" | "private_remarks" => share(&|v| v.number.is_none()),
        "unparsed_address" => text_fit(profile),
        _ => match kind(field) {
            Kind::Integer => share(&|v| whole(v, -1e12, 1e12) || leading_number(v.text)),
            Kind::Decimal => share(&|v| v.number.is_some() || leading_number(v.text)),
            Kind::Money => share(&|v| money::amount(v.text).is_ok()),
            Kind::Area => share(&|v| v.form != Some("price") && area::area(v.text).is_ok()),
            Kind::Date | Kind::Instant => share(&|v| is_date(v)),
            Kind::Flag => share(&|v| codes_text::yes_no(v.text).is_some()),
            Kind::Code | Kind::List | Kind::Text => text_fit(profile),
        },
    }
}

/// Whether a field is more than free text, so that values which suit it say much.
pub(super) fn specific(field: &str) -> bool {
    matches!(
        field,
        "layout" | "floor" | "url" | "property_sub_type" | "lift_ratio"
    ) || !matches!(kind(field), Kind::Text | Kind::List)
}

/// Share of the values that look like names or free text, of those that are anything.
pub(super) fn text_fit(profile: &Profile<'_>) -> f64 {
    let broken = profile.share(|value| broken(value.text));
    if broken >= 1.0 {
        return 1.0;
    }
    let text = profile.share(|value| {
        value.number.is_none()
            && value.form.is_none_or(|form| !FOREIGN.contains(&form))
            && !is_date(value)
            && !self::broken(value.text)
    });
    text / (1.0 - broken)
}

/// What stands where a value should be and is none, of whatever kind: `NaN`, `#REF!`, `??`.
fn broken(text: &str) -> bool {
    ["nan", "inf", "-inf", "infinity"]
        .iter()
        .any(|word| text.eq_ignore_ascii_case(word))
        || text.starts_with('#') && text.ends_with(['!', '?'])
        || !text.chars().any(char::is_alphanumeric)
}

/// A number followed by one of these words: `3室`, `2 beds`.
fn counted(text: &str, words: &[&str]) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < text.len() && words.contains(&rest.trim().to_ascii_lowercase().as_str())
}

/// A number followed by a short word: `97栋`, `516 m`.
fn leading_number(text: &str) -> bool {
    let digits = text.trim_start_matches('约');
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ',');
    rest.len() < digits.len() && rest.trim().chars().count() <= 3
}

/// Reads as a date in some order, or as a spreadsheet's day.
pub(super) fn is_date(value: &Distinct<'_>) -> bool {
    match value.number {
        // 20141013, or days since 1900
        Some(number)
            if number.fract() == 0.0 && (17_000_101.0..=21_001_231.0).contains(&number) =>
        {
            reads(value.text)
        }
        Some(number) => (20_000.0..=80_000.0).contains(&number),
        None => {
            (6..=40).contains(&value.text.len())
                && value.form.is_none()
                && value.text.bytes().any(|b| b.is_ascii_digit())
                && reads(value.text)
        }
    }
}

fn reads(text: &str) -> bool {
    [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy]
        .into_iter()
        .any(|order| dates::when(text, order).is_ok())
}

/// Forms of buildings, several in one cell too (`塔楼/板楼`).
fn form_like(text: &str) -> bool {
    codes_text::building_form(text).is_some()
        || text.contains('/')
            && text
                .split('/')
                .all(|part| codes_text::building_form(part.trim()).is_some())
}

/// Share of the values that name a district, and that name a city.
pub(super) fn place_shares(profile: &Profile<'_>) -> (f64, f64) {
    (
        profile.share(|value| has_chinese(value.text) && places::is_district(value.text)),
        profile.share(|value| places::is_city(value.text)),
    )
}

/// Whether a unit is one a home's area is told in.
pub(super) fn home_area(value: f64, unit: AreaUnit) -> bool {
    match unit {
        AreaUnit::SquareMeters => (8.0..=2_000.0).contains(&value),
        AreaUnit::SquareFeet => (80.0..=30_000.0).contains(&value),
        AreaUnit::Acres => value < 20.0,
    }
}

/// Whether values carry a time of day other than midnight.
fn timed(profile: &Profile<'_>) -> bool {
    profile.share(|value| {
        let at = value.text.find([' ', 'T']).filter(|at| *at >= 8);
        at.is_some_and(|at| {
            value.text[at..]
                .bytes()
                .any(|b| b.is_ascii_digit() && b != b'0')
        })
    }) > 0.2
}
