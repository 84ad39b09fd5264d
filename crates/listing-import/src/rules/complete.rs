//! L1xx: what every listing must say. A field for which the input has no column is not missing from a row:
//! that is one finding of the file.

use model::codes::{PriceMode, PropertyType};
use model::listing::{Listing, ListingField as F};
use model::rule::{Effect, Rule, Words};

use super::context::Context;
use super::{Check, RowRule, Sink};

const LAYOUT: &[F] = &[F::BedroomsTotal, F::RoomsTotal, F::Studio];
const AREA: &[F] = &[F::BuildingAreaTotal, F::LivingArea];
const PRICE: &[F] = &[F::ListPrice, F::LeaseAmount, F::ClosePrice, F::UnitPrice];
const FLOOR: &[F] = &[F::EntryLevel, F::FloorBand];
const AGENT: &[F] = &[F::ListAgentId, F::ListAgentFullName];

pub(super) static RULES: [RowRule; 10] = [
    RowRule {
        rule: Rule {
            code: "L101",
            name: "title-missing",
            effect: Effect::Freeze,
            about: Words {
                en: "the title is missing",
                zh: "缺少标题",
            },
            mend: Words {
                en: "write a title with the community's name and the layout",
                zh: "填写标题，写明小区名称和户型",
            },
            bad: "title=",
            good: "title=阳光花园 3室2厅",
        },
        needs: &[&[F::Title]],
        check: Check::Row(title),
    },
    RowRule {
        rule: Rule {
            code: "L102",
            name: "layout-missing",
            effect: Effect::Freeze,
            about: Words {
                en: "the layout is missing",
                zh: "缺少户型",
            },
            mend: Words {
                en: "give the number of bedrooms, or the layout as 3室2厅1厨2卫",
                zh: "填写居室数，或按 3室2厅1厨2卫 填写户型",
            },
            bad: "bedrooms_total=; property_sub_type=Apartment",
            good: "bedrooms_total=3; property_sub_type=Apartment",
        },
        needs: &[LAYOUT],
        check: Check::Row(layout),
    },
    RowRule {
        rule: Rule {
            code: "L103",
            name: "area-missing",
            effect: Effect::Freeze,
            about: Words {
                en: "the area is missing",
                zh: "缺少面积",
            },
            mend: Words {
                en: "give the gross area (建筑面积) or the inner area (套内面积)",
                zh: "填写建筑面积或套内面积",
            },
            bad: "building_area_total=; living_area=",
            good: "building_area_total=89.5; living_area=",
        },
        needs: &[AREA],
        check: Check::Row(area),
    },
    RowRule {
        rule: Rule {
            code: "L104",
            name: "price-missing",
            effect: Effect::Freeze,
            about: Words {
                en: "the price is missing",
                zh: "缺少价格",
            },
            mend: Words {
                en: "give the asking price, or the rent",
                zh: "填写挂牌价或租金",
            },
            bad: "list_price=",
            good: "list_price=5200000",
        },
        needs: &[PRICE],
        check: Check::Row(price),
    },
    RowRule {
        rule: Rule {
            code: "L105",
            name: "floor-missing",
            effect: Effect::Warn,
            about: Words {
                en: "the floor is missing",
                zh: "缺少楼层",
            },
            mend: Words {
                en: "give the floor, or its band and the number of floors: 中楼层(共18层)",
                zh: "填写楼层，或楼层段和总层数，如 中楼层(共18层)",
            },
            bad: "entry_level=; floor_band=; building_form=tower",
            good: "entry_level=; floor_band=mid; building_form=tower",
        },
        needs: &[FLOOR],
        check: Check::Row(floor),
    },
    RowRule {
        rule: Rule {
            code: "L106",
            name: "community-missing",
            effect: Effect::Freeze,
            about: Words {
                en: "the community is missing",
                zh: "缺少小区名称",
            },
            mend: Words {
                en: "give the community's name as it is registered",
                zh: "填写小区名称",
            },
            bad: "subdivision_name=",
            good: "subdivision_name=阳光花园",
        },
        needs: &[&[F::SubdivisionName]],
        check: Check::Row(community),
    },
    RowRule {
        rule: Rule {
            code: "L107",
            name: "city-missing",
            effect: Effect::Freeze,
            about: Words {
                en: "the city is missing",
                zh: "缺少城市",
            },
            mend: Words {
                en: "give the city",
                zh: "填写城市",
            },
            bad: "city=",
            good: "city=上海",
        },
        needs: &[&[F::City]],
        check: Check::Row(city),
    },
    RowRule {
        rule: Rule {
            code: "L108",
            name: "agent-missing",
            effect: Effect::Freeze,
            about: Words {
                en: "the agent is missing",
                zh: "缺少经纪人",
            },
            mend: Words {
                en: "give the id or the business name of the agent who lists the home",
                zh: "填写挂牌经纪人的工号或姓名",
            },
            bad: "list_agent_id=",
            good: "list_agent_id=A00012",
        },
        needs: &[AGENT],
        check: Check::Row(agent),
    },
    RowRule {
        rule: Rule {
            code: "L110",
            name: "title-without-community",
            effect: Effect::Warn,
            about: Words {
                en: "the title does not name the community",
                zh: "标题没有小区名称",
            },
            mend: Words {
                en: "put the community's name into the title",
                zh: "在标题中写明小区名称",
            },
            bad: "title=精装3室2厅 看房方便; subdivision_name=阳光花园",
            good: "title=阳光花园 精装3室2厅 看房方便; subdivision_name=阳光花园",
        },
        needs: &[&[F::Title], &[F::SubdivisionName]],
        check: Check::Row(title_names_community),
    },
    RowRule {
        rule: Rule {
            code: "L111",
            name: "title-without-layout",
            effect: Effect::Warn,
            about: Words {
                en: "the title says nothing of the layout",
                zh: "标题没有户型特点",
            },
            mend: Words {
                en: "put the layout or a feature of it into the title: 3室2厅, 南北通透, 复式",
                zh: "在标题中写明户型或户型特点，如 3室2厅、南北通透、复式",
            },
            bad: "title=阳光花园 诚意出售 看房方便",
            good: "title=阳光花园 3室2厅 看房方便",
        },
        needs: &[&[F::Title]],
        check: Check::Row(title_names_layout),
    },
];

fn title(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.title.is_empty() && context.has_column(F::Title) {
        sink.report(F::Title, "");
    }
}

/// Whether the listing is of premises or land, which have no bedrooms.
pub(crate) fn without_rooms(listing: &Listing) -> bool {
    matches!(
        listing.property_type,
        Some(
            PropertyType::CommercialSale
                | PropertyType::CommercialLease
                | PropertyType::BusinessOpportunity
                | PropertyType::Farm
                | PropertyType::Land
        )
    ) || matches!(
        listing.property_sub_type.as_str(),
        "Office" | "Retail" | "Industrial" | "Warehouse" | "DeededParking" | "MixedUse"
    )
}

fn layout(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.bedrooms_total.is_none()
        && listing.rooms_total.is_none()
        && listing.studio != Some(true)
        && context.has_any(LAYOUT)
        && !without_rooms(listing)
    {
        sink.report(F::BedroomsTotal, "");
    }
}

fn area(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.building_area_total.is_none()
        && listing.living_area.is_none()
        && context.has_any(AREA)
        && (listing.lot_size_area.is_none() || !without_rooms(listing))
    {
        let field = if context.has_column(F::BuildingAreaTotal) {
            F::BuildingAreaTotal
        } else {
            F::LivingArea
        };
        sink.report(field, "");
    }
}

/// Whether the listing gives no price at all.
pub(super) fn without_price(listing: &Listing) -> bool {
    listing.list_price.is_none()
        && listing.lease_amount.is_none()
        && listing.close_price.is_none()
        && listing.unit_price.is_none()
}

fn price(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    // 面议 is a finding of its own, with another mend.
    if without_price(listing)
        && listing.price_mode != Some(PriceMode::Negotiable)
        && context.has_any(PRICE)
    {
        let field = if !context.has_column(F::ListPrice) && context.has_column(F::LeaseAmount) {
            F::LeaseAmount
        } else {
            F::ListPrice
        };
        sink.report(field, "");
    }
}

fn floor(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    use model::codes::BuildingForm::{Bungalow, Villa};
    // A house stands on all its floors.
    let house = matches!(listing.building_form, Some(Bungalow | Villa))
        || matches!(
            listing.property_sub_type.as_str(),
            "SingleFamilyResidence" | "Townhouse" | "Duplex"
        );
    if listing.entry_level.is_none()
        && listing.floor_band.is_none()
        && context.has_any(FLOOR)
        && !house
        && !without_rooms(listing)
    {
        sink.report(F::EntryLevel, "");
    }
}

fn community(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.subdivision_name.is_empty() && context.has_column(F::SubdivisionName) {
        sink.report(F::SubdivisionName, "");
    }
}

fn city(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.city.is_empty() && context.has_column(F::City) {
        sink.report(F::City, "");
    }
}

fn agent(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.list_agent_id.is_empty()
        && listing.list_agent_full_name.is_empty()
        && context.has_any(AGENT)
    {
        sink.report(F::ListAgentId, "");
    }
}

fn title_names_community(listing: &Listing, _: &Context, sink: &mut Sink<'_>) {
    let (title, name) = (listing.title.as_str(), listing.subdivision_name.as_str());
    if title.is_empty() || name.is_empty() || title.starts_with(name) {
        return;
    }
    if !title.contains(name) && !names_loosely(title, name) {
        sink.report(F::Title, name);
    }
}

/// The letters, digits and Chinese characters of a text, in lower case.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            // Nearly all are common Chinese characters, which need not be looked up.
            '\u{4E00}'..='\u{9FFF}' => plain.push(c),
            _ if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ => {}
        }
    }
    plain
}

/// Whether a title holds the name in another writing: without brackets, phase or the word for community.
fn names_loosely(title: &str, name: &str) -> bool {
    let title = plain(title);
    if title.contains(&plain(name)) {
        return true;
    }
    let stem = name.split(['(', '（', '·', ' ']).next().unwrap_or(name);
    let stem = plain(stem);
    let stem = stem.strip_suffix('期').map_or(stem.as_str(), |stem| {
        stem.trim_end_matches(|c: char| super::text::small_digit(c).is_some() || c == '十')
    });
    let short = ["小区", "社区", "花园", "家园"]
        .iter()
        .find_map(|tail| stem.strip_suffix(tail))
        .filter(|short| short.chars().count() >= 2)
        .unwrap_or(stem);
    short.chars().count() >= 2 && title.contains(short)
}

fn title_names_layout(listing: &Listing, _: &Context, sink: &mut Sink<'_>) {
    if !listing.title.is_empty() && !sink.title.speaks_of_layout {
        sink.report(F::Title, "");
    }
}
