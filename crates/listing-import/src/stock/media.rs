//! L73x: what a listing's photos, videos and plans show, all of them together.

use anyhow::Result;
use cli::open;
use model::listing::ListingField as F;
use model::media::Media;
use model::rule::{Effect, Rule, Words};
use store::Run;

use super::rules::{Report, StockRule, Subject};
use crate::media::judge;
use crate::settings::Rulebook;

/// The rules, by code.
pub(super) static RULES: [StockRule; 6] = [
    StockRule {
        rule: Rule {
            code: "L731",
            name: "rooms-not-shown",
            effect: Effect::Warn,
            about: Words {
                en: "no photo shows a room that buyers want to see",
                zh: "缺少主要房间的实拍照片",
            },
            mend: Words {
                en: "add real photos of living room, master bedroom, kitchen and bathroom, and say what each shows",
                zh: "补充客厅、主卧、厨房、卫生间的实拍照片，并注明房间",
            },
            bad: "photos of 客厅, 主卧 and 卫生间, none of the kitchen",
            good: "photos of 客厅, 主卧, 厨房 and 卫生间",
        },
        check: rooms,
    },
    StockRule {
        rule: Rule {
            code: "L732",
            name: "video-length",
            effect: Effect::Warn,
            about: Words {
                en: "a video is too short or too long",
                zh: "视频时长不符合要求",
            },
            mend: Words {
                en: "show the whole home in 30 seconds to 2 minutes",
                zh: "用 30 秒至 2 分钟展示整套房屋",
            },
            bad: "a video of 12 s",
            good: "a video of 45 s",
        },
        check: video_length,
    },
    StockRule {
        rule: Rule {
            code: "L733",
            name: "photo-pixels",
            effect: Effect::Warn,
            about: Words {
                en: "a photo has too few pixels",
                zh: "照片不够清晰",
            },
            mend: Words {
                en: "upload the photo as it was taken, not a preview",
                zh: "请上传原图，不要用缩略图",
            },
            bad: "a photo of 640x480",
            good: "a photo of 1920x1080",
        },
        check: pixels,
    },
    StockRule {
        rule: Rule {
            code: "L734",
            name: "foreign-watermark",
            effect: Effect::Freeze,
            about: Words {
                en: "a photo or video bears a watermark of others",
                zh: "图片或视频带有他人水印",
            },
            mend: Words {
                en: "show pictures of your own; marks of your brand belong into `watermarks_own` of the config",
                zh: "请使用自己拍摄的图片；本公司水印请写入配置 watermarks_own",
            },
            bad: "a photo with the watermark of another portal",
            good: "a photo without a watermark",
        },
        check: watermark,
    },
    StockRule {
        rule: Rule {
            code: "L735",
            name: "rendering-among-photos",
            effect: Effect::Freeze,
            about: Words {
                en: "a rendering stands among the photos",
                zh: "照片中有效果图",
            },
            mend: Words {
                en: "show the home as it is",
                zh: "请使用房屋实拍照片",
            },
            bad: "a photo with rendering=true",
            good: "a photo with rendering=false",
        },
        check: rendering,
    },
    StockRule {
        rule: Rule {
            code: "L736",
            name: "no-real-photo",
            effect: Effect::Warn,
            about: Words {
                en: "plans and renderings stand in place of photos",
                zh: "只有户型图或效果图，没有实拍照片",
            },
            mend: Words {
                en: "add real photos of living room, master bedroom, kitchen and bathroom",
                zh: "补充客厅、主卧、厨房、卫生间的实拍照片",
            },
            bad: "a plan, and no photo",
            good: "a plan and four photos",
        },
        check: no_real_photo,
    },
];

/// Whether a rule wants to look at media.
pub(super) fn wants_media(rulebook: &Rulebook) -> bool {
    RULES
        .iter()
        .any(|rule| rulebook.effects.of(&rule.rule).is_some())
}

/// Codes of the rules in force that have nothing to look at: no medium says what they judge by.
pub(crate) fn silent(rulebook: &Rulebook, run: &Run<'_>) -> Result<Vec<&'static str>> {
    let told = run.media_told().map_err(open::failure)?;
    let evidence = [
        told.rooms,
        told.seconds,
        told.pixels,
        told.watermarks,
        told.renderings,
        told.media,
    ];
    Ok(RULES
        .iter()
        .zip(evidence)
        .filter(|(rule, told)| !told && rulebook.effects.of(&rule.rule).is_some())
        .map(|(rule, _)| rule.rule.code)
        .collect())
}

/// Media as the rules look at them.
fn media<'a>(subject: &'a Subject<'_>) -> Vec<&'a Media> {
    let shown = subject.media.iter().map(|stored| &stored.medium);
    shown
        .filter(|medium| medium.removed != Some(true))
        .collect()
}

fn rooms(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some(detail) = judge::rooms_missing(&subject.stored.listing, &media(subject)) {
        report.add(F::Photos, detail);
    }
}

fn video_length(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some(detail) = judge::videos_off(&subject.settings.media, &media(subject)) {
        report.add(F::Photos, detail);
    }
}

fn pixels(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some(detail) = judge::photos_small(&subject.settings.media, &media(subject)) {
        report.add(F::Photos, detail);
    }
}

fn watermark(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some(detail) = judge::watermarked(&subject.settings.media, &media(subject)) {
        report.add(F::Photos, detail);
    }
}

fn rendering(subject: &Subject<'_>, report: &mut Report<'_>) {
    if let Some(detail) = judge::rendered(&media(subject)) {
        report.add(F::Photos, detail);
    }
}

fn no_real_photo(subject: &Subject<'_>, report: &mut Report<'_>) {
    // The row's own rule has said that there are no photos.
    let said = subject.stored.findings.contains("\"L506\"");
    if !said && judge::without_photo(&subject.stored.listing, &media(subject)) {
        report.add(F::Photos, "");
    }
}
