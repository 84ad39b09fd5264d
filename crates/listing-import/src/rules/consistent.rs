//! L6xx: what title and remarks say against the fields. Only what is said in plain numbers is compared.

use model::codes::{AreaUnit, Frequency};
use model::listing::{Listing, ListingField as F};
use model::money::Currency;
use model::rule::{Effect, Rule, Words};

use super::context::Context;
use super::pack::Signal;
use super::text::{against, amount_after, differs, hundredths};
use super::{Check, RowRule, Sink, table};

pub(super) static RULES: [RowRule; 4] = [
    RowRule {
        rule: Rule {
            code: "L601",
            name: "title-layout-differs",
            effect: Effect::Freeze,
            about: Words {
                en: "the title gives another number of bedrooms",
                zh: "标题与户型不一致",
            },
            mend: Words {
                en: "make title and layout agree",
                zh: "核实后使标题与户型一致",
            },
            bad: "title=阳光花园 3室2厅; bedrooms_total=2",
            good: "title=阳光花园 3室2厅; bedrooms_total=3",
        },
        needs: &[&[F::Title], &[F::BedroomsTotal]],
        check: Check::Row(title_layout),
    },
    RowRule {
        rule: Rule {
            code: "L602",
            name: "title-area-differs",
            effect: Effect::Freeze,
            about: Words {
                en: "the title gives another area",
                zh: "标题与面积不一致",
            },
            mend: Words {
                en: "make title and area agree",
                zh: "核实后使标题与面积一致",
            },
            bad: "title=阳光花园 3室2厅 120平; building_area_total=89.5",
            good: "title=阳光花园 3室2厅 90平; building_area_total=89.5",
        },
        needs: &[&[F::Title], &[F::BuildingAreaTotal, F::LivingArea]],
        check: Check::Row(title_area),
    },
    RowRule {
        rule: Rule {
            code: "L603",
            name: "text-price-differs",
            effect: Effect::Freeze,
            about: Words {
                en: "the text gives another price",
                zh: "描述中的价格与价格不一致",
            },
            mend: Words {
                en: "make the price in the text and the price agree, or leave it out of the text",
                zh: "核实后使描述与价格一致，或从描述中删去价格",
            },
            bad: "public_remarks=业主急用钱，总价480万; list_price=5200000",
            good: "public_remarks=业主急用钱，总价520万; list_price=5200000",
        },
        needs: &[
            &[F::Title, F::PublicRemarks],
            &[F::ListPrice, F::LeaseAmount],
        ],
        check: Check::Text,
    },
    RowRule {
        rule: Rule {
            code: "L604",
            name: "text-area-differs",
            effect: Effect::Freeze,
            about: Words {
                en: "the text gives another area",
                zh: "描述中的面积与面积不一致",
            },
            mend: Words {
                en: "make the area in the text and the area agree",
                zh: "核实后使描述与面积一致",
            },
            bad: "public_remarks=建筑面积120平米; building_area_total=89.5",
            good: "public_remarks=建筑面积89.5平米; building_area_total=89.5",
        },
        needs: &[
            &[F::Title, F::PublicRemarks],
            &[F::BuildingAreaTotal, F::LivingArea],
        ],
        check: Check::Text,
    },
];

fn title_layout(listing: &Listing, _: &Context, sink: &mut Sink<'_>) {
    if let (Some(said), Some(given)) = (sink.title.bedrooms, listing.bedrooms_total)
        && said != given
    {
        sink.report(F::Title, against(said, given));
    }
}

/// The areas of a listing that are in square metres.
fn square_metres(listing: &Listing) -> impl Iterator<Item = i64> {
    let metric = |unit: Option<AreaUnit>| unit.is_none_or(|unit| unit == AreaUnit::SquareMeters);
    [
        listing
            .building_area_total
            .filter(|_| metric(listing.building_area_units)),
        listing
            .living_area
            .filter(|_| metric(listing.living_area_units)),
    ]
    .into_iter()
    .flatten()
}

/// The area of the listing, if the one said is none of its areas. Less than half of the area is that of a
/// part: 70方花园.
fn other_area(said: i64, listing: &Listing, context: &Context) -> Option<i64> {
    let percent = context.numbers.text_tolerance_percent;
    let first = square_metres(listing).next()?;
    let agrees =
        |area: i64| (said - area).abs() <= 100 || !differs(said, area, percent) || said * 2 < area;
    (!square_metres(listing).any(agrees)).then_some(first)
}

fn title_area(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if let Some(said) = sink.title.area
        && let Some(given) = other_area(said, listing, context)
    {
        sink.report(
            F::Title,
            format!("{} / {}", hundredths(said), hundredths(given)),
        );
    }
}

/// Holds a number that follows `总价`, `月租`, `建筑面积` … against its field; what differs, and the rule.
pub(super) fn quote(
    quote: Signal,
    text: &str,
    end: usize,
    listing: &Listing,
    context: &Context,
) -> Option<(usize, String)> {
    let (said, rest) = amount_after(text, end)?;
    let yuan = listing.currency.is_none_or(|c| c == Currency::CNY);
    // 500多万, 520万左右, 520万起: not this home's price to the yuan.
    let rough = |rest: &str| {
        rest.starts_with([
            '多', '余', '左', '起', '以', '内', '-', '~', '～', '至', '到',
        ])
    };
    let percent = context.numbers.text_tolerance_percent;
    if rough(rest) {
        return None;
    }
    match quote {
        Signal::PriceQuote => {
            let (said, rest) = if let Some(rest) = rest.strip_prefix('万') {
                (said.checked_mul(10_000)?, rest)
            } else {
                (said, rest.strip_prefix('元')?)
            };
            let given = listing.list_price.filter(|_| yuan)?;
            (!rough(rest) && !rest.starts_with("/") && differs(said, given, percent)).then(|| {
                let detail = format!("{} / {}", hundredths(said), hundredths(given));
                (table::index("L603"), detail)
            })
        }
        Signal::RentQuote => {
            let rest = rest.strip_prefix('元')?;
            let monthly = matches!(
                listing.lease_amount_frequency,
                None | Some(Frequency::Monthly)
            );
            let given = listing.lease_amount.filter(|_| yuan && monthly)?;
            (!rough(rest) && differs(said, given, percent)).then(|| {
                let detail = format!("{} / {}", hundredths(said), hundredths(given));
                (table::index("L603"), detail)
            })
        }
        Signal::AreaQuote => {
            let metric = ["平", "㎡", "m²", "m2", "方"]
                .iter()
                .find_map(|unit| rest.strip_prefix(unit))?;
            if rough(metric.trim_start_matches(['米', '方'])) {
                return None;
            }
            let given = other_area(said, listing, context)?;
            let detail = format!("{} / {}", hundredths(said), hundredths(given));
            Some((table::index("L604"), detail))
        }
        Signal::FixedPrice | Signal::Negotiable => None,
    }
}
