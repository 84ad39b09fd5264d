//! What makes a row of a table of media one that cannot be taken.

use model::rule::{Effect, Rule, Words};

/// The listing a medium belongs to is not in the store.
pub(crate) static UNKNOWN_LISTING: Rule = Rule {
    code: "X151",
    name: "media-of-unknown-listing",
    effect: Effect::Reject,
    about: Words {
        en: "the store has no such listing",
        zh: "库中没有该房源",
    },
    mend: Words {
        en: "import the listings first, then their media; or name the system they come from with --source NAME",
        zh: "请先导入房源，再导入其媒体；或用 --source 名称 指明来源系统",
    },
    bad: "listing_id=404; url=1.jpg, and no listing 404 was imported",
    good: "listing_id=17; url=1.jpg, after listing 17 was imported",
};

/// Several listings have the id, none of them from the system the medium comes from.
pub(crate) static SEVERAL_LISTINGS: Rule = Rule {
    code: "X152",
    name: "media-of-several-listings",
    effect: Effect::Reject,
    about: Words {
        en: "several listings have this id",
        zh: "多套房源使用该编号",
    },
    mend: Words {
        en: "say which with --source NAME, or give the listing_key",
        zh: "请用 --source 名称 指明来源，或改填 listing_key",
    },
    bad: "listing_id=17, which two systems use",
    good: "the same row with --source of the one that is meant",
};

/// A medium without an id of its listing or an address of its own.
pub(crate) static INCOMPLETE_MEDIUM: Rule = Rule {
    code: "X153",
    name: "media-incomplete",
    effect: Effect::Reject,
    about: Words {
        en: "a medium needs the id of its listing and an address",
        zh: "媒体需要房源编号和地址",
    },
    mend: Words {
        en: "fill in both",
        zh: "请补齐房源编号和地址",
    },
    bad: "listing_id=17; url=",
    good: "listing_id=17; url=https://img.example.com/17/1.jpg",
};

/// Rules about rows of media.
pub(crate) static RULES: &[&Rule] = &[&UNKNOWN_LISTING, &SEVERAL_LISTINGS, &INCOMPLETE_MEDIUM];
