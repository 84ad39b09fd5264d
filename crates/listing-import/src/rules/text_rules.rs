//! L2xx: wording that advertising law forbids or that misleads. The words stand in the rule packs.

use model::listing::ListingField as F;
use model::rule::{Effect, Rule, Words};

use super::{Check, RowRule};

/// A rule whose words stand in the packs.
const fn wording(
    code: &'static str,
    name: &'static str,
    effect: Effect,
    about: Words,
    mend: Words,
    examples: [&'static str; 2],
) -> RowRule {
    RowRule {
        rule: Rule {
            code,
            name,
            effect,
            about,
            mend,
            bad: examples[0],
            good: examples[1],
        },
        needs: &[&[F::Title, F::PublicRemarks, F::Tags]],
        check: Check::Text,
    }
}

pub(super) static RULES: [RowRule; 11] = [
    wording(
        "L201",
        "banned-wording",
        Effect::Freeze,
        Words {
            en: "absolute words are banned in advertising",
            zh: "广告中不得使用绝对化用语",
        },
        Words {
            en: "say what can be shown to be true, without a superlative",
            zh: "改为可以证实的描述，不用绝对化用语",
        },
        [
            "title=阳光花园 3室2厅 全网最低价",
            "title=阳光花园 3室2厅 满五唯一",
        ],
    ),
    wording(
        "L202",
        "value-promise",
        Effect::Freeze,
        Words {
            en: "a rise in value or a return is promised",
            zh: "不得承诺升值或投资回报",
        },
        Words {
            en: "leave value, return and buy-back out of the advert",
            zh: "删去升值、回报、返租、回购等内容",
        },
        [
            "public_remarks=地段好，保证升值。",
            "public_remarks=地段好，本公司不承诺升值。",
        ],
    ),
    wording(
        "L203",
        "school-promise",
        Effect::Freeze,
        Words {
            en: "a school place, a school district or a residence permit is promised",
            zh: "不得宣传学区房或承诺入学、落户",
        },
        Words {
            en: "name the school and its distance in metres at most",
            zh: "最多写明学校名称和直线距离（米）",
        },
        [
            "title=阳光花园 2室1厅 学区房",
            "title=阳光花园 2室1厅 非学区房",
        ],
    ),
    wording(
        "L204",
        "travel-time",
        Effect::Warn,
        Words {
            en: "a distance is told as travel time",
            zh: "不得以所需时间表示距离",
        },
        Words {
            en: "give the distance in metres",
            zh: "改写为实际距离（米）",
        },
        [
            "public_remarks=步行5分钟到地铁站。",
            "public_remarks=距地铁站400米。",
        ],
    ),
    wording(
        "L205",
        "planned-facility",
        Effect::Warn,
        Words {
            en: "a facility that is not there yet is not marked as planned",
            zh: "规划或在建设施没有注明",
        },
        Words {
            en: "write 规划中 or 在建中 beside it, with the source",
            zh: "注明“规划中”或“在建中”及其依据",
        },
        [
            "public_remarks=门口就是规划地铁。",
            "public_remarks=门口就是规划地铁（规划中，以政府公布为准）。",
        ],
    ),
    wording(
        "L206",
        "superstition",
        Effect::Warn,
        Words {
            en: "fengshui or superstition in an advert",
            zh: "不得含有风水等封建迷信内容",
        },
        Words {
            en: "describe light, air and layout instead",
            zh: "改为描述采光、通风和格局",
        },
        [
            "public_remarks=风水宝地，旺财旺丁。",
            "public_remarks=前后无遮挡，采光通风好。",
        ],
    ),
    wording(
        "L207",
        "finance-promise",
        Effect::Freeze,
        Words {
            en: "disguised or forbidden finance is offered",
            zh: "不得提供首付贷等违规融资",
        },
        Words {
            en: "name bank, amount and term of a loan, or leave it out",
            zh: "写明贷款银行、额度和年期，或删去",
        },
        [
            "public_remarks=零首付轻松上车。",
            "public_remarks=首付82万起。",
        ],
    ),
    wording(
        "L208",
        "group-rental",
        Effect::Freeze,
        Words {
            en: "group rental or rooms made by partitions are offered",
            zh: "不得发布群租、隔断房源",
        },
        Words {
            en: "let rooms as they were built, and say how many may live there",
            zh: "按原始设计房间出租，写明居住人数",
        },
        [
            "public_remarks=隔断间出租。",
            "public_remarks=正规一居室，无隔断。",
        ],
    ),
    wording(
        "L209",
        "illegal-structure",
        Effect::Freeze,
        Words {
            en: "an illegal structure or extra area is offered",
            zh: "不得宣传违建、加建或偷面积",
        },
        Words {
            en: "offer only what the certificate shows",
            zh: "以不动产权证记载为准，删去违建内容",
        },
        [
            "public_remarks=顶楼可加建一层。",
            "public_remarks=顶楼，无违建。",
        ],
    ),
    wording(
        "L210",
        "vague-wording",
        Effect::Warn,
        Words {
            en: "the wording is vague or exaggerated",
            zh: "用语含糊或夸张",
        },
        Words {
            en: "replace it by a fact: a price, a size, a distance",
            zh: "改为具体事实，如价格、面积、距离",
        },
        [
            "title=阳光花园 3室2厅 笋盘捡漏",
            "title=阳光花园 3室2厅 看房方便",
        ],
    ),
    wording(
        "L211",
        "area-kind-unsaid",
        Effect::Warn,
        Words {
            en: "an area in the text is not said to be gross or inner",
            zh: "描述中的面积没有写明是建筑面积还是套内建筑面积",
        },
        Words {
            en: "write 建筑面积 or 套内建筑面积 before the number",
            zh: "在数字前写明“建筑面积”或“套内建筑面积”",
        },
        [
            "public_remarks=面积89平米。",
            "public_remarks=建筑面积89平米。",
        ],
    ),
];
