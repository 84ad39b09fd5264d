//! Two listings side by side: how strongly their facts say that they offer the same home, and what
//! rules it out.
//!
//! The weight is a sum of log-odds (Fellegi and Sunter, 1969), in bits as Splink gives them: each field
//! adds log2(m/u), where m is how often two adverts of one home have this likeness and u how often two
//! different homes of the same community with the same number of bedrooms have it.
//!
//! Within a community homes are alike: among pairs of different listings with the same bedrooms, 9 to 22 in
//! 100 have the same area, and of those 80 to 88 in 100 the same number of storeys, 43 to 49 the same
//! band of floors, 66 to 69 the same directions, 81 to 91 as many living rooms, 79 to 88 the same year, 20 to 33
//! a price within 1%, 30 to 47 within 3%, 39 to 66 within 5%. Each u below is such a share among those that
//! already agree in area, so that facts which go together are not counted twice. They were measured on
//! sales of Beijing (22,468 listings), Shanghai (28,201) and closed sales of Nanjing (14,255) and on two
//! files of Beijing rentals (3,000 and 2,942).

use model::codes::FloorBand;

use super::evidence::{FACTS, Fact, Verdict, Veto};
use super::facts::Home;

/// The numbers of the comparison. Weights are bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// How far areas of one home may lie apart, in hundredths of a square metre. Portals round to whole
    /// metres, agents round again: one metre either way and a half.
    pub area_apart: u32,
    /// The same as a share of the area, in thousandths; the larger of the two holds.
    pub area_apart_permille: u32,
    /// From this probability on two listings are the same home. Chosen so that more than 98 of 100 pairs are right in
    /// the real files and in made markets as dense as they are; see the module's measurements.
    pub same_from: f32,
    /// From this probability on a person is asked: below even odds, because a listing with two equally good
    /// partners is a little less than half likely to be either's.
    pub ask_from: f32,
    /// A listing is compared with at most this many that follow it in the order of areas. A fact that
    /// hundreds of homes share proves nothing, and the cost stays linear.
    pub most_compared: usize,
    /// The log-odds that two listings of two agencies offer the same home where each agency lists one in the
    /// community with as many bedrooms: two to one. In two Beijing rental files it is 627 to 47 of such
    /// pairs, but two crawls of one family of portals share more than two agencies do.
    pub prior: f32,
    /// By how many bits a look-alike's own pair must be better for it to be spoken for: two bits are four to one.
    pub spoken_for: f32,
    /// How many listings outweigh what [`Numbers::alike_share`] supposes of look-alikes. 3 is the usual number of
    /// listings of one community and bedroom count in the files above (1.6 to 9.3).
    pub alike_belief: f32,
    /// How many of the other homes of a block look like a given one in area, storeys and
    /// directions: the product of the shares above, 0.2 of area, 0.85 of storeys, 0.68 of directions.
    pub alike_share: f32,
}

impl Default for Numbers {
    fn default() -> Self {
        Numbers {
            area_apart: 150,
            area_apart_permille: 20,
            same_from: 0.9,
            ask_from: 0.4,
            most_compared: 128,
            prior: 1.0,
            spoken_for: 2.0,
            alike_belief: 3.0,
            alike_share: 0.12,
        }
    }
}

/// Compares two listings on their own, as if their block held nothing else. In its block
/// [`group`](super::group()) adds what the other listings there say.
pub fn compare(a: &Home, b: &Home, numbers: &Numbers) -> Verdict {
    if let Some(veto) = veto(a, b, numbers) {
        return Verdict::vetoed(veto);
    }
    let mut verdict = Verdict::of(weigh(a, b));
    verdict.set(Fact::Prior, numbers.prior);
    verdict
}

/// What rules out that two listings offer the same home.
pub(super) fn veto(a: &Home, b: &Home, numbers: &Numbers) -> Option<Veto> {
    let differ = |a: u32, b: u32| a != 0 && b != 0 && a != b;
    if a.block != b.block || a.block == 0 {
        return Some(Veto::Block);
    }
    if differ(a.building, b.building) {
        return Some(Veto::Building);
    }
    if differ(a.entrance, b.entrance) {
        return Some(Veto::Entrance);
    }
    if differ(a.unit, b.unit) {
        return Some(Veto::Unit);
    }
    if a.level != 0 && b.level != 0 && a.level != b.level || floor(a, b).is_none() {
        return Some(Veto::Floor);
    }
    if a.storeys != 0 && b.storeys != 0 && a.storeys.abs_diff(b.storeys) > 1 {
        return Some(Veto::Storeys);
    }
    if a.area != 0 && b.area != 0 && a.area.abs_diff(b.area) > apart(a.area.max(b.area), numbers) {
        return Some(Veto::Area);
    }
    (a.same_agency(b) && !same_door(a, b)).then_some(Veto::Agency)
}

/// How far from an area that of the same home may lie.
pub(super) fn apart(area: u32, numbers: &Numbers) -> u32 {
    let share = u64::from(area) * u64::from(numbers.area_apart_permille) / 1000;
    numbers
        .area_apart
        .max(u32::try_from(share).unwrap_or(u32::MAX))
}

/// Whether both name the same door of the same building. Without the building, 302 is many doors.
fn same_door(a: &Home, b: &Home) -> bool {
    a.unit != 0 && a.unit == b.unit && a.building != 0 && a.building == b.building
}

/// The weights of the fields of two listings without a veto.
pub(super) fn weigh(a: &Home, b: &Home) -> [f32; FACTS] {
    let mut weights = [0.0; FACTS];
    let mut add = |fact: Fact, weight: f32| weights[fact as usize] = weight;
    add(Fact::Area, area(a.area, b.area));
    add(Fact::Floor, floor(a, b).unwrap_or(0.0));
    if a.storeys != 0 && b.storeys != 0 {
        // m 0.97, u 0.84; one apart m 0.03, u 0.05
        add(
            Fact::Storeys,
            if a.storeys == b.storeys { 0.2 } else { -0.7 },
        );
    }
    if a.faces != 0 && b.faces != 0 {
        // 南 and 南北 are often said of one home: m 0.87, u 0.67; 0.11, 0.13. None of 1,758 equal rentals differs
        // further, while homes of one floor that mirror each other do: m 0.0006, u 0.14. South and southeast
        // are at times taken for each other: m 0.004, u 0.06.
        let turned = a.faces.rotate_left(1) | a.faces.rotate_right(1);
        let weight = if a.faces == b.faces {
            0.4
        } else if a.faces & b.faces != 0 {
            -0.3
        } else if turned & b.faces != 0 {
            -4.0
        } else {
            -7.9
        };
        add(Fact::Faces, weight);
    }
    let counted = |a: u8, b: u8, same: f32, other: f32| match (a, b) {
        (0, _) | (_, 0) => 0.0,
        (a, b) if a == b => same,
        _ => other,
    };
    // m 0.95, u 0.85: whether a hall counts as one is a matter of taste
    add(
        Fact::LivingRooms,
        counted(a.living_rooms, b.living_rooms, 0.2, -1.6),
    );
    // u 0.99 in the same area; few adverts get it wrong
    add(
        Fact::Bathrooms,
        counted(a.bathrooms, b.bathrooms, 0.0, -1.5),
    );
    if a.year != 0 && b.year != 0 {
        // m 0.90, u 0.84; building and handing over lie a year or two apart
        let weight = match a.year.abs_diff(b.year) {
            0 => 0.1,
            1..=2 => -0.3,
            3..=9 => -1.3,
            _ => -3.0,
        };
        add(Fact::Year, weight);
    }
    add(Fact::Price, price(a.price, b.price));
    if a.district != 0 && b.district != 0 && a.district != b.district {
        // one name is used in several districts of a city, and portals cut districts differently
        add(Fact::District, -3.0);
    }
    if a.building != 0 && a.building == b.building {
        // a community has some ten buildings, and homes of equal area stand in few of them: u 0.3
        add(Fact::Building, 1.6);
    }
    if a.unit != 0 && a.unit == b.unit {
        // without its building a door is one of some ten
        add(Fact::Unit, if same_door(a, b) { 9.0 } else { 4.0 });
    }
    let shared = |hash: &u32| *hash != 0 && b.photos.contains(hash);
    if a.photos.iter().any(shared) {
        // different homes share a picture of the plan or of the garden: m 0.3, u 0.01
        add(Fact::Photos, 5.0);
    }
    weights
}

/// Areas: to the hundredth m 0.8, u 0.1 (one type of home has one area); in whole metres m 0.85, u 0.2;
/// rounded by one of the two m 0.9, u 0.22; a metre apart m 0.08, u 0.1; further m 0.03, u 0.1.
fn area(a: u32, b: u32) -> f32 {
    if a == 0 || b == 0 {
        return 0.0;
    }
    let whole = |area: u32| area.is_multiple_of(100);
    match a.abs_diff(b) {
        0..=5 if !whole(a) || !whole(b) => 3.0,
        0..=5 => 2.1,
        6..=50 if whole(a) || whole(b) => 2.0,
        6..=100 => -0.3,
        _ => -1.7,
    }
}

/// Prices, by the share of the larger: to 0.2% m 0.6, u 0.13; to 1% m 0.12, u 0.06; to 3% m 0.2, u 0.2; to 5% m
/// 0.05, u 0.13; to 10% m 0.02, u 0.25; to 20% m 0.008, u 0.15; further m 0.002, u 0.08.
fn price(a: u64, b: u64) -> f32 {
    if a == 0 || b == 0 {
        return 0.0;
    }
    let apart = a.abs_diff(b) as f32 / a.max(b) as f32;
    match apart {
        x if x <= 0.002 => 2.2,
        x if x <= 0.01 => 1.0,
        x if x <= 0.03 => 0.0,
        x if x <= 0.05 => -1.4,
        x if x <= 0.1 => -3.6,
        x if x <= 0.2 => -4.2,
        _ => -5.3,
    }
}

/// The weight of two floors; none where they cannot be one. Equal floors m 1, u one of the storeys; equal bands m 0.95, u 0.46; bands next to each other m 0.04, u 0.4.
fn floor(a: &Home, b: &Home) -> Option<f32> {
    let storeys = a.storeys.max(b.storeys);
    if a.level != 0 && b.level != 0 {
        // one of as many floors as the building has; of six where that is not known, as slabs have
        let floors = if storeys == 0 { 6 } else { storeys.max(2) };
        return Some(if a.level == b.level {
            f32::from(floors).log2()
        } else {
            0.0
        });
    }
    let levels = a.band.is_none() || b.band.is_none();
    let (Some(a), Some(b)) = (third(a, storeys), third(b, storeys)) else {
        return Some(0.0);
    };
    match a.0.max(b.0) - a.1.min(b.1) {
        ..=0 => Some(1.0),
        // agents draw the line between bands differently; the basement is next to nothing, and a level
        // already lies in all the bands it may be counted to
        1 if a.0.min(b.0) > 0 && !levels => Some(-3.3),
        _ => None,
    }
}

/// From which to which third of its building a home may lie: 1 is the lowest, 0 below ground.
fn third(home: &Home, storeys: u8) -> Option<(i8, i8)> {
    if let Some(band) = home.band {
        let third = match band {
            FloorBand::Basement => 0,
            FloorBand::Bottom | FloorBand::Low => 1,
            FloorBand::Mid => 2,
            FloorBand::High | FloorBand::Top => 3,
        };
        return Some((third, third));
    }
    let (level, storeys) = (i32::from(home.level), i32::from(storeys));
    match level {
        0 => None,
        ..0 => Some((0, 0)),
        _ if storeys == 0 || level > storeys + 1 => None,
        // the portals cut at thirds, and one floor to either side is cut both ways
        _ => {
            let third = |level: i32| ((level.max(1) - 1) * 3 / storeys + 1).clamp(1, 3) as i8;
            Some((third(level - 1), third(level + 1)))
        }
    }
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
