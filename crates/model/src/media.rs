//! A medium: a photo, video, tour or plan of a listing, joined to it by source and listing id.

use crate::codes::*;

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
        extra Extra: Text, Sealed, "", "Columns nobody knows, as a JSON object of header and cell; private";
    }
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
}
