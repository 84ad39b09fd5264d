//! L7xx: rules that look at a listing among the others. [`all`] is their one table.

use model::jiff::Timestamp;
use model::jiff::civil::Date;
use model::jiff::tz::TimeZone;
use model::listing::ListingField as F;
use model::money::{Currency, MinorAmount};
use model::rule::{Effect, Finding, Rule, Words};
use store::{Change, StoredListing, StoredMedium};

use super::agents;
use super::judge::About;
use super::media;
use super::settings::Settings;
use crate::agents::Agents;
use crate::peers::{Circle, Deviation};
use crate::settings::Rulebook;

/// What such a rule may look at.
pub(super) struct Subject<'a> {
    /// The listing, as the run would leave it.
    pub stored: &'a StoredListing,
    /// The day of `--now`.
    pub today: Date,
    pub settings: &'a Settings,
    /// What was gathered of it.
    pub about: &'a About,
    /// What is known of agents.
    pub agents: &'a Agents,
    /// Its photos, videos and plans, those it no longer shows too.
    pub media: &'a [StoredMedium],
    /// Its changes of price and status, oldest first; empty where it is new.
    pub history: &'a [Change],
}

/// Where a rule reports to.
pub(super) struct Report<'a> {
    pub rule: &'static Rule,
    pub effect: Effect,
    pub findings: &'a mut Vec<Finding>,
}

impl Report<'_> {
    pub(super) fn add(&mut self, field: F, detail: impl Into<String>) {
        self.findings.push(Finding {
            rule: self.rule,
            effect: self.effect,
            field: Some(field.name()),
            detail: detail.into(),
        });
    }
}

/// A rule and how it looks.
pub(crate) struct StockRule {
    pub rule: Rule,
    pub(super) check: fn(&Subject<'_>, &mut Report<'_>),
}

/// A modified z-score beyond which a price is an outlier (Iglewicz and Hoaglin, 1993).
pub(super) const OUTLIER: f64 = 3.5;
/// The same for a price that is not believed: twice as far.
const FAR_OUTLIER: f64 = 2.0 * OUTLIER;
/// Days for which a jump of the price is told.
const JUMP_DAYS: i64 = 30;

/// The rules that look at the stock, by code.
pub(crate) fn all() -> impl Iterator<Item = &'static StockRule> {
    COMPARING.iter().chain(&media::RULES)
}

/// Those that compare listings.
static COMPARING: &[StockRule] = &[
    StockRule {
        rule: Rule {
            code: "L701",
            name: "price-far-from-peers",
            effect: Effect::Warn,
            about: Words {
                en: "the unit price is far from that of homes like it",
                zh: "单价与同类房源相差较大",
            },
            mend: Words {
                en: "look at price and area once more",
                zh: "请核对价格和面积",
            },
            bad: "a home at 31,000 a square metre where the median of 40 in its community is 58,000",
            good: "a home at 52,000 there",
        },
        check: price_far,
    },
    StockRule {
        rule: Rule {
            code: "L702",
            name: "price-unlike-peers",
            effect: Effect::Hold,
            about: Words {
                en: "the unit price is nothing like that of homes like it",
                zh: "单价与同类房源严重不符",
            },
            mend: Words {
                en: "put price or area right, or show in the queue why it is so",
                zh: "请更正价格或面积；确属实情的，由审核人通过",
            },
            bad: "a home at 5,800 a square metre where the median of 40 in its community is 58,000",
            good: "a home at 52,000 there",
        },
        check: price_unlike,
    },
    StockRule {
        rule: Rule {
            code: "L703",
            name: "price-jump",
            effect: Effect::Warn,
            about: Words {
                en: "the price has changed by more than is usual",
                zh: "价格变动过大",
            },
            mend: Words {
                en: "look at the price once more",
                zh: "请核对价格",
            },
            bad: "list_price=5200000, in the next import 520000",
            good: "list_price=5200000, in the next import 5000000",
        },
        check: price_jump,
    },
    StockRule {
        rule: Rule {
            code: "L704",
            name: "back-after-closing",
            effect: Effect::Warn,
            about: Words {
                en: "a closed listing is on offer again",
                zh: "已成交的房源重新挂牌",
            },
            mend: Words {
                en: "offer it as a new listing, or put the status right",
                zh: "请作为新房源录入，或更正状态",
            },
            bad: "standard_status=Closed, in the next import Active",
            good: "standard_status=Active, in the next import Closed",
        },
        check: back_after_closing,
    },
    StockRule {
        rule: Rule {
            code: "L711",
            name: "photo-elsewhere",
            effect: Effect::Warn,
            about: Words {
                en: "a photo is used for another home, too",
                zh: "图片也用于其他房源",
            },
            mend: Words {
                en: "show photos of this home",
                zh: "请使用本房源的实拍图片",
            },
            bad: "two homes with the photo 9f86d081884c.jpg",
            good: "each home with photos of its own",
        },
        check: photo_elsewhere,
    },
    StockRule {
        rule: Rule {
            code: "L712",
            name: "photos-of-another-home",
            effect: Effect::Hold,
            about: Words {
                en: "most photos are those of another home",
                zh: "多数图片属于其他房源",
            },
            mend: Words {
                en: "show photos of this home",
                zh: "请使用本房源的实拍图片",
            },
            bad: "two homes with the same four photos",
            good: "each home with photos of its own",
        },
        check: photos_of_another,
    },
    StockRule {
        rule: Rule {
            code: "L721",
            name: "community-elsewhere",
            effect: Effect::Warn,
            about: Words {
                en: "the community is known in another city only",
                zh: "该小区登记在其他城市",
            },
            mend: Words {
                en: "put city or community right, or add the community with `communities FILE`",
                zh: "请更正城市或小区，或用 communities 导入该小区",
            },
            bad: "city=北京; subdivision_name=a community that the table has in 上海 only",
            good: "city=上海; the same community",
        },
        check: community_elsewhere,
    },
    agents::LICENCE,
    agents::PROMOTION,
];

/// Whether a rule wants prices to be held against their peers.
pub(super) fn wants_prices(rulebook: &Rulebook) -> bool {
    is_on(rulebook, &["L701", "L702"])
}

/// Whether a rule wants to know where else photos are used.
pub(super) fn wants_photos(rulebook: &Rulebook) -> bool {
    is_on(rulebook, &["L711", "L712"])
}

fn is_on(rulebook: &Rulebook, codes: &[&str]) -> bool {
    all()
        .filter(|rule| codes.contains(&rule.rule.code))
        .any(|rule| rulebook.effects.of(&rule.rule).is_some())
}

/// Whether a price lies beyond a share of its peers' median, and is no usual member of them.
pub(super) fn is_far(deviation: &Deviation, share: f64, score: f64) -> bool {
    (deviation.ratio <= share || deviation.ratio >= 1.0 / share) && deviation.score.abs() >= score
}

fn is_unlike(subject: &Subject<'_>, deviation: &Deviation) -> bool {
    is_far(deviation, subject.settings.unlike, FAR_OUTLIER)
}

fn price_far(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some(deviation) = &subject.about.price
        && !is_unlike(subject, deviation)
    {
        report.add(price_field(subject), peers(subject, deviation));
    }
}

fn price_unlike(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some(deviation) = &subject.about.price
        && is_unlike(subject, deviation)
    {
        report.add(price_field(subject), peers(subject, deviation));
    }
}

fn price_field(subject: &Subject<'_>) -> F {
    match subject.stored.listing.list_price {
        Some(_) => F::ListPrice,
        None => F::LeaseAmount,
    }
}

/// `0.10 × 58,000/㎡ (40 in community_area)`.
fn peers(subject: &Subject<'_>, deviation: &Deviation) -> String {
    let currency = subject.stored.listing.currency.unwrap_or(Currency::CNY);
    let circle = match deviation.circle {
        Circle::CommunityAreaAge => "community, area, age",
        Circle::CommunityArea => "community, area",
        Circle::Community => "community",
        Circle::District => "district",
    };
    format!(
        "{:.2} × {} {}/㎡ ({} peers: {circle})",
        deviation.ratio,
        MinorAmount(deviation.figures.median, currency),
        currency.as_str(),
        deviation.figures.peers,
    )
}

fn price_jump(subject: &Subject<'_>, report: &mut Report<'_>) {
    let field = price_field(subject);
    let last = subject
        .history
        .iter()
        .rev()
        .find(|change| change.field == field.name());
    let Some(change) = last.filter(|change| days_ago(subject, change) <= JUMP_DAYS) else {
        return;
    };
    let amount = |value: &Option<String>| value.as_deref()?.parse::<u64>().ok();
    if let (Some(before), Some(now)) = (amount(&change.previous_value), amount(&change.new_value))
        && subject.settings.is_jump(before, now)
    {
        let currency = subject.stored.listing.currency.unwrap_or(Currency::CNY);
        let amount = |minor: u64| MinorAmount(i64::try_from(minor).unwrap_or(i64::MAX), currency);
        report.add(field, format!("{} → {}", amount(before), amount(now)));
    }
}

fn days_ago(subject: &Subject<'_>, change: &Change) -> i64 {
    let Ok(at) = Timestamp::from_microsecond(change.at) else {
        return i64::MAX;
    };
    let day = at.to_zoned(TimeZone::UTC).date();
    let days = subject.today.since(day).map(|span| span.get_days());
    days.map_or(i64::MAX, i64::from)
}

fn back_after_closing(subject: &Subject<'_>, report: &mut Report<'_>) {
    let field = F::StandardStatus.name();
    let last = subject
        .history
        .iter()
        .rev()
        .find(|change| change.field == field);
    if let Some(change) = last
        && change.previous_value.as_deref() == Some("Closed")
        && change.new_value.as_deref() == Some("Active")
    {
        report.add(F::StandardStatus, "Closed → Active");
    }
}

fn photo_elsewhere(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some(shared) = &subject.about.photos
        && !is_most(shared.photos, shared.of)
    {
        report.add(
            F::Photos,
            format!("{} of {}: {}", shared.photos, shared.of, shared.other),
        );
    }
}

fn photos_of_another(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some(shared) = &subject.about.photos
        && is_most(shared.photos, shared.of)
    {
        report.add(
            F::Photos,
            format!("{} of {}: {}", shared.photos, shared.of, shared.other),
        );
    }
}

/// Two photos at least, and half of all.
fn is_most(photos: usize, of: usize) -> bool {
    photos >= 2 && photos * 2 >= of
}

fn community_elsewhere(subject: &Subject<'_>, report: &mut Report<'_>) {
    if subject.about.elsewhere {
        let listing = &subject.stored.listing;
        report.add(
            F::SubdivisionName,
            format!("{} {}", listing.city, listing.subdivision_name),
        );
    }
}
