//! L3xx: fields that cannot be true together.

use model::listing::ListingField as F;
use model::rule::{Effect, Rule, Words};

use super::sense_checks::*;
use super::{Check, RowCheck, RowRule};

const AREAS: &[F] = &[F::BuildingAreaTotal, F::LivingArea];
const PRICES: &[F] = &[F::ListPrice, F::LeaseAmount, F::ClosePrice, F::UnitPrice];

/// A rule on fields.
const fn sense(
    code: &'static str,
    name: &'static str,
    effect: Effect,
    [about, mend]: [Words; 2],
    [bad, good]: [&'static str; 2],
    needs: &'static [&'static [F]],
    check: RowCheck,
) -> RowRule {
    RowRule {
        rule: Rule {
            code,
            name,
            effect,
            about,
            mend,
            bad,
            good,
        },
        needs,
        check: Check::Row(check),
    }
}

const fn words(en: &'static str, zh: &'static str) -> Words {
    Words { en, zh }
}

pub(super) static RULES: [RowRule; 16] = [
    sense(
        "L301",
        "floor-above-top",
        Effect::Freeze,
        [
            words("the floor lies above the top floor", "所在楼层高于总楼层"),
            words(
                "put floor or number of floors right",
                "更正所在楼层或总楼层",
            ),
        ],
        [
            "entry_level=12; stories_total=6",
            "entry_level=5; stories_total=6",
        ],
        &[&[F::EntryLevel], &[F::StoriesTotal]],
        floor_above_top,
    ),
    sense(
        "L302",
        "area-not-positive",
        Effect::Freeze,
        [
            words("the area is zero or negative", "面积不大于零"),
            words("give the area of the certificate", "按不动产权证填写面积"),
        ],
        ["building_area_total=0", "building_area_total=89.5"],
        &[AREAS],
        area_not_positive,
    ),
    sense(
        "L303",
        "price-not-positive",
        Effect::Freeze,
        [
            words("the price is zero or negative", "价格不大于零"),
            words("give the owner's price", "填写业主报价"),
        ],
        ["list_price=0", "list_price=5200000"],
        &[PRICES],
        price_not_positive,
    ),
    sense(
        "L304",
        "inner-above-gross-area",
        Effect::Freeze,
        [
            words(
                "the inner area is larger than the gross area",
                "套内面积大于建筑面积",
            ),
            words(
                "put the two areas right, they may have changed places",
                "更正两项面积，可能填反",
            ),
        ],
        [
            "building_area_total=80; living_area=95",
            "building_area_total=95; living_area=80",
        ],
        &[&[F::BuildingAreaTotal], &[F::LivingArea]],
        inner_above_gross,
    ),
    sense(
        "L305",
        "area-small-for-bedrooms",
        Effect::Warn,
        [
            words(
                "the area is too small for so many bedrooms",
                "面积与居室数不相称",
            ),
            words("check area and bedrooms", "核实面积和居室数"),
        ],
        [
            "building_area_total=30; bedrooms_total=6",
            "building_area_total=130; bedrooms_total=6",
        ],
        &[AREAS, &[F::BedroomsTotal]],
        area_for_bedrooms,
    ),
    sense(
        "L306",
        "rooms-unlikely",
        Effect::Warn,
        [
            words(
                "the numbers of rooms are hard to believe",
                "居室数或卫生间数不合常理",
            ),
            words("check bedrooms and bathrooms", "核实居室数和卫生间数"),
        ],
        [
            "bedrooms_total=2; bathrooms_total_integer=9",
            "bedrooms_total=2; bathrooms_total_integer=2",
        ],
        &[&[F::BedroomsTotal]],
        rooms,
    ),
    sense(
        "L307",
        "year-built-unlikely",
        Effect::Warn,
        [
            words(
                "the year of completion is hard to believe",
                "建成年代不合常理",
            ),
            words("check the year", "核实建成年代"),
        ],
        ["year_built=2031", "year_built=2009"],
        &[&[F::YearBuilt]],
        year_built,
    ),
    sense(
        "L308",
        "close-price-without-date",
        Effect::Warn,
        [
            words(
                "a closed deal has a price and no date",
                "有成交价而无成交日期",
            ),
            words("give the date of the deal", "填写成交日期"),
        ],
        [
            "close_price=5000000; close_date=",
            "close_price=5000000; close_date=2025-11-03",
        ],
        &[&[F::ClosePrice], &[F::CloseDate]],
        close_date,
    ),
    sense(
        "L309",
        "unit-price-disagrees",
        Effect::Warn,
        [
            words(
                "unit price and area do not make the price",
                "单价乘面积不等于总价",
            ),
            words(
                "put price, unit price or area right",
                "更正总价、单价或面积",
            ),
        ],
        [
            "list_price=5200000; unit_price=80000; building_area_total=89.5",
            "list_price=5200000; unit_price=58101; building_area_total=89.5",
        ],
        &[&[F::UnitPrice], AREAS, &[F::ListPrice, F::ClosePrice]],
        unit_price,
    ),
    sense(
        "L310",
        "rent-without-terms",
        Effect::Warn,
        [
            words(
                "a rent without its terms of payment",
                "租赁房源缺少付款方式",
            ),
            words("say how it is paid: 押一付三", "填写付款方式，如 押一付三"),
        ],
        [
            "business_line=rental; lease_amount=5000; rent_terms=",
            "business_line=rental; lease_amount=5000; rent_terms=押一付三",
        ],
        &[&[F::RentTerms], &[F::LeaseAmount]],
        rent_terms,
    ),
    sense(
        "L311",
        "price-out-of-range",
        Effect::Warn,
        [
            words(
                "the price is hard to believe for this line of business",
                "价格与业务类型不相称",
            ),
            words(
                "check price, unit and line of business",
                "核实价格、单位和业务类型",
            ),
        ],
        [
            "business_line=resale; list_price=5200",
            "business_line=resale; list_price=5200000",
        ],
        &[&[F::ListPrice, F::LeaseAmount]],
        price_range,
    ),
    sense(
        "L312",
        "price-on-request",
        Effect::Freeze,
        [
            words(
                "the price is left to be talked about (面议)",
                "价格面议，没有标价",
            ),
            words(
                "give the owner's price; it may still be negotiable",
                "填写业主报价，可另注明可议价",
            ),
        ],
        [
            "price_mode=negotiable; list_price=",
            "price_mode=negotiable; list_price=5200000",
        ],
        &[PRICES],
        on_request,
    ),
    sense(
        "L313",
        "dates-out-of-order",
        Effect::Warn,
        [
            words("two dates are in the wrong order", "日期先后矛盾"),
            words("put the dates right", "更正日期"),
        ],
        [
            "on_market_date=2025-06-01; close_date=2025-03-01",
            "on_market_date=2025-03-01; close_date=2025-06-01",
        ],
        &[&[
            F::OnMarketDate,
            F::ListingContractDate,
            F::OnMarketTimestamp,
            F::OriginalEntryTimestamp,
        ]],
        date_order,
    ),
    sense(
        "L314",
        "date-in-future",
        Effect::Warn,
        [
            words(
                "something that has happened is dated in the future",
                "已发生的日期晚于今天",
            ),
            words("put the date right", "更正日期"),
        ],
        ["on_market_date=2027-05-01", "on_market_date=2025-05-01"],
        &[&[
            F::OnMarketDate,
            F::CloseDate,
            F::OffMarketDate,
            F::WithdrawnDate,
            F::LastSaleDate,
        ]],
        future,
    ),
    sense(
        "L315",
        "deposit-unlikely",
        Effect::Warn,
        [
            words("the deposit is more than a year's rent", "押金超过一年租金"),
            words("check deposit and rent", "核实押金和租金"),
        ],
        [
            "business_line=rental; lease_amount=5000; deposit=500000",
            "business_line=rental; lease_amount=5000; deposit=5000",
        ],
        &[&[F::Deposit], &[F::LeaseAmount]],
        deposit,
    ),
    sense(
        "L316",
        "price-not-of-this-line",
        Effect::Warn,
        [
            words(
                "a rental without rent, or a sale with one",
                "业务类型与价格字段不符",
            ),
            words("check the line of business", "核实业务类型"),
        ],
        [
            "business_line=resale; lease_amount=5000; list_price=",
            "business_line=rental; lease_amount=5000; list_price=",
        ],
        &[&[F::BusinessLine], &[F::LeaseAmount, F::ListPrice]],
        price_of_line,
    ),
];
