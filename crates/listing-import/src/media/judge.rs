//! What is wrong with a listing's media, all of them together. A rule is silent where nothing tells what it
//! looks at.

use anyhow::Result;
use cli::{Config, Failure};
use model::Decimal;
use model::codes::MediaKind;
use model::listing::Listing;
use model::media::{self, Media};

use super::rooms::{self, Room};

/// The numbers of the rules about media.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// Least pixels of a photo's longer and shorter side; the default is our own: the least that is called HD.
    pub pixels_min: (i64, i64),
    /// Seconds a video must last (domain page, photos and video).
    pub seconds_min: i64,
    /// Seconds a video may last (likewise).
    pub seconds_max: i64,
    /// Watermarks that count as none.
    pub watermarks_own: Vec<String>,
}

impl Default for Numbers {
    fn default() -> Self {
        Numbers {
            pixels_min: (1280, 720),
            seconds_min: 30,
            seconds_max: 120,
            watermarks_own: Vec::new(),
        }
    }
}

impl Numbers {
    /// Reads the config.
    pub(crate) fn new(config: &Config) -> Result<Self> {
        let text = config.text("listing-import.photo_pixels_min");
        let (width, height) = media::pixels(text).ok_or_else(|| {
            Failure::usage(format!(
                "listing-import.photo_pixels_min is `{text}`, which is no size of a photo"
            ))
            .hint("write width x height, such as 1280x720; 1x1 takes every photo")
        })?;
        Ok(Numbers {
            pixels_min: (width.max(height), width.min(height)),
            seconds_min: config.integer("listing-import.video_seconds_min"),
            seconds_max: config.integer("listing-import.video_seconds_max"),
            watermarks_own: config.list("listing-import.watermarks_own").to_vec(),
        })
    }
}

/// Whether a medium is a photograph of the home: no plan, nothing drawn.
fn is_real_photo(medium: &Media) -> bool {
    medium.kind == Some(MediaKind::Photo) && medium.rendering != Some(true)
}

/// Rooms that no photo shows. Photos that do not say what they show may show some of them; where none says,
/// nothing is known.
pub(crate) fn rooms_missing(listing: &Listing, media: &[&Media]) -> Option<String> {
    let photos = || media.iter().filter(|medium| is_real_photo(medium));
    let told: Vec<Room> = photos()
        .filter_map(|photo| rooms::room(&photo.room))
        .collect();
    if told.is_empty() {
        return None;
    }
    let untold = photos().filter(|photo| photo.room.is_empty()).count();
    let missing: Vec<&str> = rooms::needed(listing)
        .filter(|(_, any)| !any.iter().any(|room| told.contains(room)))
        .map(|(name, _)| name)
        .collect();
    (missing.len() > untold).then(|| missing.join(", "))
}

/// Videos that are too short or too long.
pub(crate) fn videos_off(numbers: &Numbers, media: &[&Media]) -> Option<String> {
    let (least, most) = (numbers.seconds_min, numbers.seconds_max);
    let off = |medium: &&&Media| {
        medium.kind == Some(MediaKind::Video)
            && medium.seconds.is_some_and(|seconds| {
                seconds < Decimal::from(least) || seconds > Decimal::from(most)
            })
    };
    let shown = |medium: &Media| {
        let seconds = medium.seconds.unwrap_or_default();
        format!("`{}` {seconds} s, not {least} to {most} s", medium.url)
    };
    some(media.iter().filter(off).map(|medium| shown(medium)))
}

/// Photos with too few pixels.
pub(crate) fn photos_small(numbers: &Numbers, media: &[&Media]) -> Option<String> {
    let (long, short) = numbers.pixels_min;
    let small = |medium: &Media| match (medium.width, medium.height) {
        _ if !is_real_photo(medium) => None,
        (Some(width), Some(height)) => (width.max(height) < long || width.min(height) < short)
            .then(|| format!("{width}x{height}")),
        // It may be the shorter one.
        (Some(side), None) | (None, Some(side)) => (side < short).then(|| format!("{side} px")),
        (None, None) => None,
    };
    some(media.iter().filter_map(|medium| {
        let size = small(medium)?;
        Some(format!("`{}` {size}, not {long}x{short}", medium.url))
    }))
}

/// Photos and videos with a watermark of others.
pub(crate) fn watermarked(numbers: &Numbers, media: &[&Media]) -> Option<String> {
    let foreign = |medium: &&&Media| {
        let whose = medium.watermark.as_str();
        !matches!(whose, "" | "no") && !numbers.watermarks_own.iter().any(|own| own == whose)
    };
    let shown = |medium: &Media| match medium.watermark.as_str() {
        "yes" => format!("`{}`", medium.url),
        whose => format!("`{}` ({whose})", medium.url),
    };
    some(media.iter().filter(foreign).map(|medium| shown(medium)))
}

/// Pictures among the photos that were drawn.
pub(crate) fn rendered(media: &[&Media]) -> Option<String> {
    let drawn =
        |medium: &&&Media| medium.kind == Some(MediaKind::Photo) && medium.rendering == Some(true);
    some(
        media
            .iter()
            .filter(drawn)
            .map(|medium| format!("`{}`", medium.url)),
    )
}

/// Whether plans and renderings are all there is in place of photos.
pub(crate) fn without_photo(listing: &Listing, media: &[&Media]) -> bool {
    let stands_in = |medium: &&&Media| {
        medium.kind == Some(MediaKind::Plan)
            || medium.kind == Some(MediaKind::Photo) && medium.rendering == Some(true)
    };
    let is_other = |url: &str| {
        !media
            .iter()
            .filter(stands_in)
            .any(|medium| medium.url == url)
    };
    let addresses = listing.photos.split('|').filter(|url| !url.is_empty());
    media.iter().any(|medium| stands_in(&medium))
        && !media.iter().any(|medium| is_real_photo(medium))
        && !addresses.into_iter().any(is_other)
        && (!listing.photos.is_empty() || listing.photos_count.unwrap_or(0) <= 0)
}

/// The first few of what was found, and how many more.
fn some(found: impl Iterator<Item = String>) -> Option<String> {
    const SHOWN: usize = 3;
    let found: Vec<String> = found.collect();
    let mut text = found[..found.len().min(SHOWN)].join(", ");
    if found.len() > SHOWN {
        text.push_str(&format!(", +{}", found.len() - SHOWN));
    }
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers() -> Numbers {
        Numbers {
            watermarks_own: vec!["我家".to_owned()],
            ..Numbers::default()
        }
    }

    fn photo(room: &str) -> Media {
        Media {
            url: format!("{room}.jpg"),
            kind: Some(MediaKind::Photo),
            room: room.to_owned(),
            ..Media::default()
        }
    }

    fn missing(listing: &Listing, rooms: &[&str]) -> Option<String> {
        let photos: Vec<Media> = rooms.iter().map(|room| photo(room)).collect();
        rooms_missing(listing, &photos.iter().collect::<Vec<_>>())
    }

    #[test]
    fn four_rooms_are_shown_where_rooms_are_told() {
        let home = Listing {
            bedrooms_total: Some(2),
            ..Listing::default()
        };
        assert_eq!(missing(&home, &["客厅", "主卧", "厨房", "卫生间"]), None);
        assert_eq!(
            missing(&home, &["Living room", "bedroom", "kitchen", "Bathroom 1"]),
            None
        );
        assert_eq!(missing(&home, &["", "", "", ""]), None);
        let all_but_two = missing(&home, &["客厅", "次卧", "卫生间"]);
        assert_eq!(
            all_but_two.as_deref(),
            Some("master bedroom 主卧, kitchen 厨房")
        );
        // As many photos that say nothing could show them.
        assert_eq!(missing(&home, &["客厅", "次卧", "卫生间", "", ""]), None);
        let mut drawn = photo("厨房");
        drawn.rendering = Some(true);
        let photos = [photo("客厅"), photo("主卧"), photo("卫生间"), drawn];
        let found = rooms_missing(&home, &photos.iter().collect::<Vec<_>>());
        assert_eq!(found.as_deref(), Some("kitchen 厨房"));
    }

    #[test]
    fn a_studio_needs_no_room_it_has_not() {
        let studio = Listing {
            studio: Some(true),
            ..Listing::default()
        };
        assert_eq!(missing(&studio, &["卧室", "厨房", "卫生间"]), None);
        assert_eq!(missing(&studio, &["客厅", "厨房", "卫生间"]), None);
        let office = Listing {
            property_sub_type: "Office".to_owned(),
            ..Listing::default()
        };
        assert_eq!(missing(&office, &["大厅"]), None);
    }

    #[test]
    fn lengths_sizes_and_marks_are_held_against_the_numbers() {
        let video = |seconds: i64| Media {
            url: format!("{seconds}.mp4"),
            kind: Some(MediaKind::Video),
            seconds: Some(seconds.into()),
            ..Media::default()
        };
        let of = |seconds| videos_off(&numbers(), &[&video(seconds)]);
        assert_eq!((of(30), of(120)), (None, None));
        assert_eq!(of(12).as_deref(), Some("`12.mp4` 12 s, not 30 to 120 s"));
        assert!(of(121).is_some());

        let sized = |width, height| Media {
            width,
            height,
            ..photo("客厅")
        };
        let of = |width, height| photos_small(&numbers(), &[&sized(width, height)]);
        assert_eq!(of(Some(1280), Some(720)), None);
        assert_eq!(of(Some(720), Some(1280)), None);
        assert_eq!(of(None, None), None);
        assert_eq!(of(Some(800), None), None);
        assert!(of(Some(640), Some(2000)).is_some() && of(Some(640), None).is_some());

        let marked = |whose: &str| Media {
            watermark: whose.to_owned(),
            ..photo("客厅")
        };
        let of = |whose| watermarked(&numbers(), &[&marked(whose)]);
        assert_eq!((of(""), of("no"), of("我家")), (None, None, None));
        assert_eq!(of("外站").as_deref(), Some("`客厅.jpg` (外站)"));
        let many = [(); 5].map(|()| marked("yes"));
        let found = watermarked(&numbers(), &many.iter().collect::<Vec<_>>());
        assert!(found.is_some_and(|found| found.ends_with(", +2")));
    }

    #[test]
    fn a_plan_or_a_rendering_is_no_photo() {
        let mut plan = photo("户型图");
        plan.kind = Some(MediaKind::Plan);
        let mut drawn = photo("客厅");
        drawn.rendering = Some(true);
        let none = Listing::default();
        assert!(without_photo(&none, &[&plan]) && without_photo(&none, &[&plan, &drawn]));
        assert!(!without_photo(&none, &[&plan, &photo("客厅")]) && !without_photo(&none, &[]));
        let has = |photos: &str| Listing {
            photos: photos.to_owned(),
            ..Listing::default()
        };
        assert!(without_photo(&has("客厅.jpg"), &[&drawn]));
        assert!(!without_photo(&has("客厅.jpg|1.jpg"), &[&drawn]));
        assert_eq!(rendered(&[&plan, &drawn]).as_deref(), Some("`客厅.jpg`"));
    }
}
