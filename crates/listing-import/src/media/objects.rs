//! Media that a listing's own row tells of: columns `photos`, `video` and `vr`, whose cells are addresses or,
//! in JSON, arrays of objects (`{"url": …, "room": "客厅", "width": 1920}`).

use model::codes::MediaKind;
use model::listing::ListingField;
use model::media::{Media, MediaField};
use model::rule::Finding;
use model::text;
use serde_json::{Map, Value};

use super::row::Reading;

/// Names of members beside those of the fields.
const MEMBERS: &[(&str, MediaField)] = &[
    ("src", MediaField::Url),
    ("href", MediaField::Url),
    ("link", MediaField::Url),
    ("地址", MediaField::Url),
    ("type", MediaField::Kind),
    ("类型", MediaField::Kind),
    ("房间", MediaField::Room),
    ("duration", MediaField::Seconds),
    ("时长", MediaField::Seconds),
    ("宽", MediaField::Width),
    ("高", MediaField::Height),
    ("hash", MediaField::ContentHash),
    ("md5", MediaField::ContentHash),
    ("哈希", MediaField::ContentHash),
    ("水印", MediaField::Watermark),
    ("效果图", MediaField::Rendering),
    ("order", MediaField::SortOrder),
];

/// The kind of media a listing's column holds, by the name its meaning has; `photos` is a field of the
/// listing itself.
pub(crate) fn column_kind(name: &str) -> Option<MediaKind> {
    match name {
        "video" => Some(MediaKind::Video),
        "vr" => Some(MediaKind::Vr),
        _ => None,
    }
}

/// Whether a cell holds objects rather than addresses.
pub(crate) fn holds_objects(cell: &str) -> bool {
    cell.starts_with("[{") || cell.starts_with('{') || {
        let rest = cell.strip_prefix('[').map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with('{'))
    }
}

/// Reads the media in a cell. What cannot be read becomes a finding of the listing's row, and refuses it.
pub(crate) fn read(
    cell: &str,
    kind: MediaKind,
    field: Option<ListingField>,
    media: &mut Vec<Media>,
    findings: &mut Vec<Finding>,
) {
    if !holds_objects(cell) {
        let addresses = cell.split('|').map(text::trim);
        media.extend(addresses.filter(|url| !url.is_empty()).map(|url| Media {
            url: url.to_owned(),
            kind: Some(kind),
            ..Media::default()
        }));
        return;
    }
    let objects = match serde_json::from_str::<Value>(cell) {
        Ok(Value::Array(objects)) => objects,
        Ok(object @ Value::Object(_)) => vec![object],
        _ => {
            let name = field.map_or(kind.as_str(), ListingField::name);
            let detail = "neither addresses nor a JSON array of objects";
            findings.push(Finding::new(intake::rules::BAD_JSON, Some(name), detail));
            return;
        }
    };
    for object in objects {
        match object {
            Value::Object(object) => media.extend(medium(&object, kind, findings)),
            Value::String(url) if !text::trim(&url).is_empty() => media.push(Media {
                url: text::trim(&url).to_owned(),
                kind: Some(kind),
                ..Media::default()
            }),
            _ => {}
        }
    }
}

/// One medium; nothing where it has no address.
fn medium(
    object: &Map<String, Value>,
    kind: MediaKind,
    findings: &mut Vec<Finding>,
) -> Option<Media> {
    let mut reading = Reading::default();
    let mut has_kind = false;
    for (name, value) in object {
        let known = || MEMBERS.iter().find(|(member, _)| member == name);
        let field = MediaField::from_name(name).or_else(|| known().map(|(_, field)| *field));
        let value = match value {
            Value::String(text) => text::tidy(text).into_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            _ => continue,
        };
        if let (Some(field), Some(value)) = (field, text::present(&value)) {
            has_kind |= field == MediaField::Kind;
            reading.field(field, value);
        }
    }
    if reading.medium.url.is_empty() {
        return None;
    }
    if !has_kind && kind != MediaKind::Photo {
        reading.field(MediaField::Kind, kind.as_str());
    }
    reading.finish();
    findings.append(&mut reading.findings);
    Some(reading.medium)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(cell: &str, kind: MediaKind) -> (Vec<Media>, Vec<Finding>) {
        let (mut media, mut findings) = (Vec::new(), Vec::new());
        read(cell, kind, None, &mut media, &mut findings);
        (media, findings)
    }

    #[test]
    fn objects_and_addresses_are_media() {
        let cell = r#"[{"url":"1.jpg","room":"客厅","width":1920,"height":"1080"},{"room":"x"},"2.jpg",
                      {"url":"p.png","kind":"户型图"},{"url":"3.jpg","房间":"效果图"}]"#;
        let (media, findings) = read_all(cell, MediaKind::Photo);
        assert!(findings.is_empty(), "{findings:?}");
        let told: Vec<_> = media.iter().map(|one| (&*one.url, one.kind)).collect();
        let photo = Some(MediaKind::Photo);
        let plan = Some(MediaKind::Plan);
        assert_eq!(
            told,
            [
                ("1.jpg", photo),
                ("2.jpg", photo),
                ("p.png", plan),
                ("3.jpg", photo)
            ]
        );
        assert_eq!((media[0].width, media[0].height), (Some(1920), Some(1080)));
        assert_eq!(media[3].rendering, Some(true));
        let (media, _) = read_all("v.mp4 | w.mp4", MediaKind::Video);
        assert_eq!(media.len(), 2);
        assert_eq!(media[1].kind, Some(MediaKind::Video));
    }

    #[test]
    fn what_is_broken_is_told() {
        let (media, findings) = read_all(r#"[{"url":"1.jpg","width":"wide"}]"#, MediaKind::Photo);
        assert_eq!(media.len(), 1);
        assert_eq!(findings[0].field, Some("width"));
        let (media, findings) = read_all("[{\"url\":", MediaKind::Photo);
        assert!(media.is_empty() && findings.len() == 1);
    }
}
