//! What a photo shows, by the words of its source.

use model::listing::Listing;
use model::text;

use crate::rules;

/// A room that photos must show, or another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    Living,
    Master,
    Kitchen,
    Bathroom,
    Other,
}

/// Words for rooms; a room is the first of which a word stands in the text.
const WORDS: &[(Room, &[&str])] = &[
    (
        Room::Other,
        &[
            "次卧",
            "second",
            "guest",
            "儿童房",
            "客卧",
            "小区",
            "floorplan",
        ],
    ),
    (
        Room::Bathroom,
        &[
            "卫生间",
            "浴室",
            "洗手间",
            "厕所",
            "主卫",
            "客卫",
            "次卫",
            "bath",
            "toilet",
            "shower",
            "washroom",
            "wc",
        ],
    ),
    (Room::Kitchen, &["厨房", "厨", "kitchen"]),
    (
        Room::Living,
        &[
            "客厅",
            "起居",
            "客餐厅",
            "大厅",
            "living",
            "lounge",
            "sittingroom",
            "parlour",
        ],
    ),
    (
        Room::Master,
        &[
            "主卧", "卧室", "卧房", "睡房", "开间", "master", "bedroom", "studio",
        ],
    ),
];

/// The room a text names; nothing where there is none.
pub(super) fn room(word: &str) -> Option<Room> {
    let folded = text::fold(word);
    if folded.is_empty() {
        return None;
    }
    let names = |(_, words): &&(Room, &[&str])| words.iter().any(|word| folded.contains(word));
    let known = WORDS.iter().find(names);
    Some(known.map_or(Room::Other, |(room, _)| *room))
}

/// The rooms whose photos a home owes, each with the rooms that will do.
pub(super) fn needed(listing: &Listing) -> impl Iterator<Item = (&'static str, &'static [Room])> {
    const OF_A_HOME: &[(&str, &[Room])] = &[
        ("living room 客厅", &[Room::Living]),
        ("master bedroom 主卧", &[Room::Master]),
        ("kitchen 厨房", &[Room::Kitchen]),
        ("bathroom 卫生间", &[Room::Bathroom]),
    ];
    // One room is bedroom and living room.
    const OF_A_STUDIO: &[(&str, &[Room])] = &[
        ("room 开间", &[Room::Living, Room::Master]),
        ("kitchen 厨房", &[Room::Kitchen]),
        ("bathroom 卫生间", &[Room::Bathroom]),
    ];
    let studio = listing.studio == Some(true)
        || listing.bedrooms_total == Some(0)
        || listing.bedrooms_total == Some(1) && listing.living_rooms == Some(0);
    let rooms = match (rules::without_rooms(listing), studio) {
        (true, _) => &[],
        (false, true) => OF_A_STUDIO,
        (false, false) => OF_A_HOME,
    };
    let (kitchens, bathrooms) = (listing.kitchens, listing.bathrooms_total_integer);
    rooms.iter().copied().filter(move |(_, any)| match any {
        [Room::Kitchen] => kitchens != Some(0),
        [Room::Bathroom] => bathrooms != Some(0),
        _ => true,
    })
}
