//! L5xx: price mode, promotions, fees, codes and photos that an advert owes.

use model::codes::{PriceMode, StandardStatus};
use model::listing::{Listing, ListingField as F};
use model::rule::{Effect, Rule, Words};

use super::context::Context;
use super::pack::Signal;
use super::text::against;
use super::{Check, RowRule, Sink};

const PHOTOS: &[F] = &[F::Photos, F::PhotosCount];
const TEXTS: &[F] = &[F::Title, F::PublicRemarks, F::Tags];

pub(super) static RULES: [RowRule; 8] = [
    RowRule {
        rule: Rule {
            code: "L501",
            name: "promotion-without-terms",
            effect: Effect::Warn,
            about: Words {
                en: "a promotion without its terms and validity",
                zh: "促销没有写明条件和有效期",
            },
            mend: Words {
                en: "say in the remarks who gets it, on what terms and until when",
                zh: "在描述中写明促销对象、条件和有效期",
            },
            bad: "public_remarks=首月免租。",
            good: "public_remarks=首月免租，限签约一年以上的租客，2026年3月31日前有效。",
        },
        needs: &[TEXTS],
        check: Check::Text,
    },
    RowRule {
        rule: Rule {
            code: "L502",
            name: "price-mode-contradiction",
            effect: Effect::Warn,
            about: Words {
                en: "the price is said to be fixed and negotiable at once",
                zh: "一口价与议价矛盾",
            },
            mend: Words {
                en: "decide between 一口价 and 议价, in the text as in the field",
                zh: "统一为一口价或议价",
            },
            bad: "public_remarks=一口价，价格可谈。; price_mode=fixed",
            good: "public_remarks=一口价，诚意出售。; price_mode=fixed",
        },
        needs: &[&[F::Title, F::PublicRemarks, F::Tags]],
        check: Check::Row(price_mode),
    },
    RowRule {
        rule: Rule {
            code: "L503",
            name: "agency-fee-unsaid",
            effect: Effect::Warn,
            about: Words {
                en: "an agency service is offered without its fee and the fee's basis",
                zh: "提供经纪服务但没有写明收费标准和依据",
            },
            mend: Words {
                en: "state the fee and what it is counted from: 成交价的1.5%",
                zh: "写明服务费及计算依据，如 成交价的1.5%",
            },
            bad: "public_remarks=本店代办过户，收中介费。; fee_statement=",
            good: "public_remarks=本店代办过户，收中介费。; fee_statement=成交价的1.5%，依据门店公示标准",
        },
        needs: &[TEXTS],
        check: Check::Text,
    },
    RowRule {
        rule: Rule {
            code: "L504",
            name: "verification-code-missing",
            effect: Effect::Warn,
            about: Words {
                en: "the city asks for a verification code and there is none",
                zh: "所在城市要求房源核验码，但未填写",
            },
            mend: Words {
                en: "have the home verified by the city and give the code",
                zh: "完成房源核验并填写核验码",
            },
            bad: "city=杭州; verification_code=",
            good: "city=杭州; verification_code=HZ20260001",
        },
        needs: &[&[F::VerificationCode], &[F::City]],
        check: Check::Row(verification_code),
    },
    RowRule {
        rule: Rule {
            code: "L505",
            name: "rendering",
            effect: Effect::Warn,
            about: Words {
                en: "a rendering instead of a real photo",
                zh: "使用效果图而非实拍图",
            },
            mend: Words {
                en: "show real photos of the home",
                zh: "改用房屋实拍照片",
            },
            bad: "public_remarks=图片为装修效果图。",
            good: "public_remarks=图片为实拍，非效果图。",
        },
        needs: &[TEXTS],
        check: Check::Text,
    },
    RowRule {
        rule: Rule {
            code: "L506",
            name: "photos-missing",
            effect: Effect::Warn,
            about: Words {
                en: "there are no photos",
                zh: "没有照片",
            },
            mend: Words {
                en: "add real photos of living room, master bedroom, kitchen and bathroom",
                zh: "补充客厅、主卧、厨房、卫生间的实拍照片",
            },
            bad: "photos=",
            good: "photos=1.jpg|2.jpg|3.jpg|4.jpg",
        },
        needs: &[PHOTOS],
        check: Check::Row(no_photos),
    },
    RowRule {
        rule: Rule {
            code: "L507",
            name: "photos-few",
            effect: Effect::Warn,
            about: Words {
                en: "there are too few photos",
                zh: "照片太少",
            },
            mend: Words {
                en: "show at least living room, master bedroom, kitchen and bathroom",
                zh: "至少包括客厅、主卧、厨房、卫生间",
            },
            bad: "photos=1.jpg|2.jpg",
            good: "photos=1.jpg|2.jpg|3.jpg|4.jpg",
        },
        needs: &[PHOTOS],
        check: Check::Row(few_photos),
    },
    RowRule {
        rule: Rule {
            code: "L508",
            name: "mandate-expired",
            effect: Effect::Warn,
            about: Words {
                en: "the owner's commission has ended and the listing is still offered",
                zh: "委托已到期，房源仍在挂牌",
            },
            mend: Words {
                en: "renew the commission, or withdraw the listing",
                zh: "续签委托，或下架房源",
            },
            bad: "standard_status=Active; expiration_date=2025-06-30",
            good: "standard_status=Active; expiration_date=2026-06-30",
        },
        needs: &[&[F::ExpirationDate], &[F::StandardStatus]],
        check: Check::Row(mandate),
    },
];

fn price_mode(listing: &Listing, _: &Context, sink: &mut Sink<'_>) {
    let fixed = sink.signalled(Signal::FixedPrice);
    let negotiable = sink.signalled(Signal::Negotiable);
    let contradiction = match listing.price_mode {
        Some(PriceMode::Fixed) => negotiable,
        Some(PriceMode::Negotiable) => fixed,
        None => fixed && negotiable,
    };
    if contradiction {
        sink.report(F::PriceMode, "");
    }
}

fn verification_code(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.verification_code.is_empty()
        && context.has_column(F::VerificationCode)
        && !listing.city.is_empty()
    {
        let city = listing.city.trim_end_matches('市');
        let cities = &context.numbers.verification_cities;
        if cities.iter().any(|c| c.trim_end_matches('市') == city) {
            sink.report(F::VerificationCode, city);
        }
    }
}

/// Photos of a listing, as counted by the source or by their addresses.
fn photos(listing: &Listing) -> i64 {
    if listing.photos.is_empty() {
        return listing.photos_count.unwrap_or(0);
    }
    // Counted in bytes, as many as one holds, the bars of many addresses are counted at once.
    let bars = |some: &[u8]| some.iter().map(|b| u8::from(*b == b'|')).sum::<u8>();
    let parts = listing.photos.as_bytes().chunks(255);
    let addresses = parts.map(|some| i64::from(bars(some))).sum::<i64>() + 1;
    addresses.max(listing.photos_count.unwrap_or(0))
}

fn no_photos(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if listing.photos.is_empty()
        && listing.photos_count.unwrap_or(0) <= 0
        && context.has_any(PHOTOS)
    {
        sink.report(F::Photos, "");
    }
}

fn few_photos(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    let (count, least) = (photos(listing), context.numbers.photos_min);
    if count > 0 && count < least {
        sink.report(F::Photos, against(count, least));
    }
}

fn mandate(listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
    if let Some(end) = listing.expiration_date
        && listing.standard_status == Some(StandardStatus::Active)
        && end < context.today
    {
        sink.report(F::ExpirationDate, end.to_string());
    }
}
