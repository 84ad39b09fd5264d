//! A medium: a photo, video, tour or plan of a listing, joined to it by source and listing id.

use crate::codes::*;
use crate::{Decimal, codes_text, number, text};

record! {
    /// One photo, video, tour or plan.
    Media, MediaField {
        originating_system_name OriginatingSystemName: Text, Column, "OriginatingSystemName", "System the listing comes from";
        listing_id ListingId: Text, Column, "ResourceRecordID", "Id of the listing, as the input wrote it";
        url Url: Text, Column, "MediaURL", "Address of the medium";
        kind Kind: MediaKind, Column, "MediaType", "Photo, video, VR tour or plan";
        room Room: Text, Column, "ImageOf", "What it shows: 客厅, 主卧, 厨房, 户型图";
        seconds Seconds: Decimal, Detail, "", "Length of a video";
        width Width: Integer, Column, "ImageWidth", "Width in pixels";
        height Height: Integer, Column, "ImageHeight", "Height in pixels";
        content_hash ContentHash: Text, Column, "", "Hash of the content, or a perceptual hash";
        watermark Watermark: Text, Column, "", "Whose watermark it bears";
        rendering Rendering: Flag, Column, "", "Whether it is a rendering and not a photograph (效果图)";
        sort_order SortOrder: Integer, Detail, "Order", "Place among the listing's media";
        caption Caption: Text, Detail, "ShortDescription", "Caption";
        removed Removed: Flag, Column, "", "Whether the listing no longer shows it";
        extra Extra: Text, Sealed, "", "Columns nobody knows, as a JSON object of header and cell; private";
    }
}

/// Width and height that stand in one cell: `1920x1080`, `1920×1080 px`, `1920*1080`.
pub fn pixels(cell: &str) -> Option<(i64, i64)> {
    // The x of `px` parts nothing.
    let plain = plain(cell).replace("px", "");
    let (width, height) = plain.split_once(['x', '×', '*', '✕'])?;
    Some((side(width)?, side(height)?))
}

/// Pixels along one side: `1920`, `1920px`, `1920像素`.
pub fn side(cell: &str) -> Option<i64> {
    let plain = plain(cell);
    let bare = ["pixels", "px", "像素"]
        .iter()
        .find_map(|unit| plain.strip_suffix(unit))
        .unwrap_or(&plain);
    number::integer(text::trim(bare)).ok()
}

/// A cell in narrow, small letters.
fn plain(cell: &str) -> String {
    text::narrow(text::trim(cell)).to_lowercase()
}

/// How long a video is, in seconds: `45`, `45s`, `1:30`, `00:01:30`, `1分30秒`.
pub fn seconds(cell: &str) -> Option<Decimal> {
    let plain = plain(cell);
    if plain.contains(':') {
        let mut total = Decimal::ZERO;
        let mut parts = 0;
        for part in plain.split(':') {
            let part = number::decimal(text::trim(part)).ok()?;
            total = total.checked_mul(Decimal::from(60))?.checked_add(part)?;
            parts += 1;
        }
        return (parts <= 3).then_some(total);
    }
    let mut rest = text::trim(&plain);
    let mut total = Decimal::ZERO;
    let mut told = false;
    for (units, worth) in [
        (&["小时", "时", "hours", "hour", "h"][..], 3_600),
        (&["分钟", "分", "minutes", "minute", "mins", "min", "m"], 60),
        (
            &["秒钟", "秒", "seconds", "second", "secs", "sec", "s", ""],
            1,
        ),
    ] {
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        if digits.len() == rest.len() {
            continue;
        }
        let amount = &rest[..rest.len() - digits.len()];
        let after = text::trim(digits);
        let fits = |unit: &&&str| match unit.is_empty() {
            true => after.is_empty(),
            false => after.starts_with(**unit),
        };
        if let Some(unit) = units.iter().find(fits) {
            let amount = number::decimal(amount).ok()?;
            total = total.checked_add(amount.checked_mul(Decimal::from(worth))?)?;
            rest = text::trim(&after[unit.len()..]);
            told = true;
        }
    }
    (told && rest.is_empty()).then_some(total)
}

/// Whether a word for the kind of a medium, or for what it shows, says that it was drawn and not taken.
pub fn is_rendering(cell: &str) -> bool {
    let folded = text::fold(cell);
    ["效果图", "渲染图", "示意图", "rendering", "rendered", "cgi"]
        .iter()
        .any(|word| folded.contains(word))
}

/// What a medium is, by the word of its source, else by what it is said to show and the end of its address.
pub fn kind(word: &str, room: &str, url: &str) -> Option<MediaKind> {
    if !word.is_empty() {
        if is_rendering(word) {
            return Some(MediaKind::Photo);
        }
        return codes_text::media_kind(word);
    }
    if codes_text::media_kind(room) == Some(MediaKind::Plan) {
        return Some(MediaKind::Plan);
    }
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let video = path.rsplit_once('.').is_some_and(|(_, end)| {
        ["mp4", "mov", "m4v", "avi", "webm", "mkv", "m3u8"]
            .iter()
            .any(|known| end.eq_ignore_ascii_case(known))
    });
    Some(if video {
        MediaKind::Video
    } else {
        MediaKind::Photo
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::{Kind, Storage, Value};

    #[test]
    fn fields_name_themselves() {
        for field in MediaField::ALL {
            assert_eq!(MediaField::from_name(field.name()), Some(*field));
        }
        for field in crate::member::MemberField::ALL {
            assert_eq!(
                crate::member::MemberField::from_name(field.name()),
                Some(*field)
            );
        }
        for field in crate::office::OfficeField::ALL {
            assert_eq!(
                crate::office::OfficeField::from_name(field.name()),
                Some(*field)
            );
        }
        for field in crate::listing::ListingField::ALL {
            assert_eq!(
                crate::listing::ListingField::from_name(field.name()),
                Some(*field)
            );
        }
    }

    #[test]
    fn values_go_in_and_come_out() {
        let mut media = Media::default();
        media.set(MediaField::Kind, Value::Text("video"));
        media.set(MediaField::Width, Value::Integer(800));
        media.set(MediaField::Rendering, Value::Flag(true));
        media.set(
            MediaField::Url,
            Value::Text("https://img.example.com/1.jpg"),
        );
        assert_eq!(media.kind, Some(MediaKind::Video));
        assert_eq!(media.get(MediaField::Width), Value::Integer(800));
        media.set(MediaField::Width, Value::Text("wide"));
        assert!(media.get(MediaField::Width).is_null());
        assert_eq!(MediaField::Kind.field().kind, Kind::Code);
        assert_eq!(MediaField::Extra.field().storage, Storage::Sealed);
        media.clear();
        assert_eq!(media, Media::default());
    }

    #[test]
    fn pixels_stand_in_one_cell_or_two() {
        for cell in [
            "1920x1080",
            "1920×1080",
            "1920 * 1080 px",
            "１９２０Ｘ１０８０",
            "1920px x 1080px",
        ] {
            assert_eq!(pixels(cell), Some((1920, 1080)), "{cell}");
        }
        for cell in ["1920", "big", "x", "1920x", "1920x1080x3", ""] {
            assert_eq!(pixels(cell), None, "{cell}");
        }
        assert_eq!(side("1,920px"), Some(1920));
        assert_eq!(side("1920像素"), Some(1920));
        assert_eq!(side("wide"), None);
    }

    #[test]
    fn a_length_is_told_in_many_ways() {
        for (cell, wanted) in [
            ("45", 45),
            ("45s", 45),
            ("45 秒", 45),
            ("1:30", 90),
            ("00:01:30", 90),
            ("1分30秒", 90),
            ("2分钟", 120),
            ("1 min 5 sec", 65),
        ] {
            assert_eq!(seconds(cell), Some(Decimal::from(wanted)), "{cell}");
        }
        for cell in ["", "long", "1:2:3:4", "分", "30秒1分", "-"] {
            assert_eq!(seconds(cell), None, "{cell}");
        }
    }

    #[test]
    fn a_kind_is_told_by_word_room_or_address() {
        let photo = Some(MediaKind::Photo);
        assert_eq!(kind("照片", "", "a.mp4"), photo);
        assert_eq!(kind("效果图", "", "a.jpg"), photo);
        assert_eq!(kind("", "户型图", "a.jpg"), Some(MediaKind::Plan));
        assert_eq!(kind("", "", "a.MP4?x=1"), Some(MediaKind::Video));
        assert_eq!(kind("", "客厅", "a.jpg"), photo);
        assert_eq!(kind("怪", "", "a.jpg"), None);
        assert!(is_rendering("装修效果图") && !is_rendering("实拍图"));
    }
}
