//! L4xx: what tags and texts claim against the facts, and flaws of the layout that they tell of. Claims and their tests stand in the rule pack; a claim
//! whose fact the listing does not give is not judged.

use model::listing::ListingField as F;
use model::rule::{Effect, Rule, Words};

use super::{Check, RowRule};

const TEXTS: &[F] = &[F::Tags, F::Title, F::PublicRemarks];
const MEND: Words = Words {
    en: "take the claim out, or put the field right if the claim is true",
    zh: "删去不实标签；如标签属实，请更正对应字段",
};

/// A rule whose claims stand in the pack.
const fn claim(
    code: &'static str,
    name: &'static str,
    about: Words,
    examples: [&'static str; 2],
    needs: &'static [&'static [F]],
) -> RowRule {
    RowRule {
        rule: Rule {
            code,
            name,
            effect: Effect::Warn,
            about,
            mend: MEND,
            bad: examples[0],
            good: examples[1],
        },
        needs,
        check: Check::Text,
    }
}

/// Whether a rule holds what tags and texts claim against the facts; a flaw that is told is no false claim.
pub(crate) fn is_claim(code: &str) -> bool {
    ("L401"..="L408").contains(&code)
}

pub(super) static RULES: [RowRule; 9] = [
    claim(
        "L401",
        "tag-holding",
        Words {
            en: "the advert claims a time of ownership (满五唯一) that the record does not bear out",
            zh: "满五唯一、满二等说法与房屋年限不符",
        },
        [
            "tags=满五唯一|采光好; holding=two",
            "tags=满五唯一|采光好; holding=five_only",
        ],
        &[TEXTS, &[F::Holding, F::LastSaleDate]],
    ),
    claim(
        "L402",
        "tag-orientation",
        Words {
            en: "the advert claims windows to the north and the south, the orientation says otherwise",
            zh: "南北通透等说法与朝向不符",
        },
        [
            "tags=南北通透; orientation=East",
            "tags=南北通透; orientation=South|North",
        ],
        &[TEXTS, &[F::Orientation]],
    ),
    claim(
        "L403",
        "tag-near-metro",
        Words {
            en: "the advert claims a metro station nearby, the distance says otherwise",
            zh: "近地铁的说法与地铁距离不符",
        },
        [
            "tags=近地铁; metro_distance=2600",
            "tags=近地铁; metro_distance=600",
        ],
        &[TEXTS, &[F::MetroDistance]],
    ),
    claim(
        "L404",
        "tag-elevator",
        Words {
            en: "the advert claims a lift, the building has none",
            zh: "电梯房的说法与配备电梯不符",
        },
        ["tags=电梯房; elevator=false", "tags=电梯房; elevator=true"],
        &[TEXTS, &[F::Elevator]],
    ),
    claim(
        "L405",
        "tag-floor",
        Words {
            en: "the advert claims another part of the building than the floor says",
            zh: "低、中、高楼层的说法与楼层不符",
        },
        [
            "tags=低楼层; entry_level=15; stories_total=18",
            "tags=低楼层; entry_level=3; stories_total=18",
        ],
        &[TEXTS, &[F::EntryLevel, F::FloorBand]],
    ),
    claim(
        "L406",
        "tag-decoration",
        Words {
            en: "the advert claims another state of decoration than the record",
            zh: "精装修等说法与装修情况不符",
        },
        [
            "tags=精装修; decoration=bare",
            "tags=精装修; decoration=fine",
        ],
        &[TEXTS, &[F::Decoration]],
    ),
    claim(
        "L407",
        "tag-urgent",
        Words {
            en: "the advert says it is urgent, but it has long been on the market",
            zh: "标注急售，但挂牌已久",
        },
        [
            "tags=急售; on_market_date=2024-01-05",
            "tags=急售; on_market_date=2025-12-20",
        ],
        &[TEXTS, &[F::OnMarketDate]],
    ),
    claim(
        "L408",
        "tag-against-fact",
        Words {
            en: "the advert claims what another field of the record contradicts",
            zh: "标签与房源字段不符",
        },
        [
            "tags=带车位; parking_total=0",
            "tags=带车位; parking_total=1",
        ],
        &[
            TEXTS,
            &[F::ParkingTotal, F::Decoration, F::Levels, F::Holding],
        ],
    ),
    RowRule {
        rule: Rule {
            code: "L409",
            name: "layout-flaw",
            effect: Effect::Warn,
            about: Words {
                en: "the advert tells of a flaw of the layout; tag and advice",
                zh: "描述中提到户型缺陷，标签与建议",
            },
            mend: Words {
                en: "follow the advice; the flaw itself may be told",
                zh: "按建议补充说明；缺陷本身可以如实写明",
            },
            bad: "public_remarks=两居室，暗卫，采光一般。",
            good: "public_remarks=两居室，明厨明卫，无暗厅。",
        },
        needs: &[TEXTS],
        check: Check::Text,
    },
];
