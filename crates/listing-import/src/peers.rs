//! What homes like a given one cost: medians of unit prices in its community, and how far from them a price
//! lies. Medians, because some prices of any feed are wrong and a mean follows them.
//!
//! ```text
//! samples ─ gather ─ sort ─▶ figures: community, area, age ▷ community, area ▷ community ▷ district ─ judge
//! ```
//!
//! A price is held against the narrowest circle that has enough peers; with too few even in the district
//! nothing is said. The figures depend on the samples only, not on their order. While samples are gathered
//! each takes 32 bytes; the figures take 48 a circle.

use std::collections::HashMap;

/// The numbers of the comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Numbers {
    /// A circle with fewer samples says nothing. With 8 the median's own error is 0.44 of the spread (1.2533/√n of
    /// a normal one), and three wrong prices among them cannot carry it away.
    pub least_peers: u32,
    /// Areas at which a band ends, in hundredths of a square metre. 90 ㎡ and 140 ㎡ are where Chinese deed tax
    /// changes (2024; 144 ㎡ before), 60 and 200 are where layouts do.
    pub area_bands: Vec<u32>,
    /// Last years of bands of construction. About 1990, 2000 and 2010 Chinese homes changed in build and in what a
    /// bank lends on them.
    pub year_bands: Vec<u16>,
    /// The least spread that is believed, in thousandths of the median: peers that all ask the same price do
    /// not make the next yuan an outlier.
    pub least_spread_permille: u32,
}

impl Default for Numbers {
    fn default() -> Self {
        Numbers {
            least_peers: 8,
            area_bands: vec![6_000, 9_000, 14_000, 20_000],
            year_bands: vec![1990, 2000, 2010],
            least_spread_permille: 20,
        }
    }
}

/// A home's place among homes. Keys are the caller's; 0 says unknown. Sales and rentals need keys of
/// their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Home {
    /// City and district.
    pub district: u64,
    /// Community.
    pub community: u64,
    /// Area in hundredths of a square metre.
    pub area: u32,
    /// Year built; 0 where unknown.
    pub year: u16,
}

/// How wide a circle of peers is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Circle {
    /// The same community, band of area and band of construction.
    CommunityAreaAge,
    /// The same community and band of area.
    CommunityArea,
    /// The same community.
    Community,
    /// The same city and district.
    District,
}

impl Circle {
    /// From the narrowest to the widest.
    pub const ALL: [Circle; 4] = [
        Circle::CommunityAreaAge,
        Circle::CommunityArea,
        Circle::Community,
        Circle::District,
    ];

    /// The word for it in findings.
    pub fn as_str(self) -> &'static str {
        match self {
            Circle::CommunityAreaAge => "community_area_age",
            Circle::CommunityArea => "community_area",
            Circle::Community => "community",
            Circle::District => "district",
        }
    }
}

/// Which circle of a width a home is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Key {
    place: u64,
    circle: Circle,
    area: u8,
    age: u8,
}

/// Band of a home that does not tell.
const UNKNOWN: u8 = u8::MAX;

/// What the peers of a circle cost, in minor units a square metre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// How many there are.
    pub peers: u32,
    /// Their median; of an even number the lower mean of the two in the middle.
    pub median: i64,
    /// The median of their distances from it (MAD).
    pub spread: i64,
}

/// How far a unit price lies from its peers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// The peers' circle.
    pub circle: Circle,
    /// What they cost.
    pub figures: Figures,
    /// The price over the median: 0.5 is half of what peers cost.
    pub ratio: f64,
    /// The modified z-score, 0.6745 (x - median) / MAD; Iglewicz and Hoaglin (1993) call beyond 3.5 an outlier.
    pub score: f64,
}

/// A price in its community: community, band of area, band of construction, price.
type Sample = (u64, u8, u8, i64);

/// Gathers unit prices.
#[derive(Debug, Default)]
pub struct Gather {
    numbers: Numbers,
    communities: Vec<Sample>,
    districts: HashMap<u64, Vec<i64>>,
}

impl Gather {
    /// Starts without a sample.
    pub fn new(numbers: Numbers) -> Self {
        Gather {
            numbers,
            ..Gather::default()
        }
    }

    /// Adds a home's unit price, in minor units a square metre. Prices of nothing and less are left out.
    pub fn add(&mut self, home: Home, unit_price: i64) {
        if unit_price <= 0 {
            return;
        }
        if home.community != 0 {
            let (area, age) = (self.numbers.area(&home), self.numbers.age(&home));
            self.communities
                .push((home.community, area, age, unit_price));
        }
        if home.district != 0 {
            self.districts
                .entry(home.district)
                .or_default()
                .push(unit_price);
        }
    }

    /// Computes the figures of every circle that has enough peers.
    pub fn finish(self) -> Peers {
        let Gather {
            numbers,
            mut communities,
            districts,
        } = self;
        let mut found = HashMap::new();
        let mut scratch: Vec<i64> = Vec::new();
        let least = numbers.least_peers.max(1) as usize;
        let mut note = |key: Key, prices: &mut dyn ExactSizeIterator<Item = i64>| {
            if prices.len() < least {
                return;
            }
            scratch.clear();
            scratch.extend(prices);
            found.insert(key, figures(&mut scratch));
        };
        let key = |place, circle, area, age| Key {
            place,
            circle,
            area,
            age,
        };
        // sorted once: the wider circles are unions of neighbours
        communities.sort_unstable();
        for community in communities.chunk_by(|a, b| a.0 == b.0) {
            let place = community[0].0;
            let price = |sample: &Sample| sample.3;
            note(
                key(place, Circle::Community, 0, 0),
                &mut community.iter().map(price),
            );
            for band in community.chunk_by(|a, b| a.1 == b.1) {
                let area = band[0].1;
                if area == UNKNOWN {
                    continue;
                }
                note(
                    key(place, Circle::CommunityArea, area, 0),
                    &mut band.iter().map(price),
                );
                for peers in band.chunk_by(|a, b| a.2 == b.2) {
                    let age = peers[0].2;
                    if age != UNKNOWN {
                        let circle = Circle::CommunityAreaAge;
                        note(key(place, circle, area, age), &mut peers.iter().map(price));
                    }
                }
            }
        }
        for (place, prices) in districts {
            note(key(place, Circle::District, 0, 0), &mut prices.into_iter());
        }
        Peers {
            numbers,
            figures: found,
        }
    }
}

/// Median and spread of prices, of which there is at least one. Their order is lost.
fn figures(prices: &mut [i64]) -> Figures {
    let median = middle(prices);
    prices
        .iter_mut()
        .for_each(|price| *price = price.saturating_sub(median).saturating_abs());
    Figures {
        peers: u32::try_from(prices.len()).unwrap_or(u32::MAX),
        median,
        spread: middle(prices),
    }
}

/// The median of numbers, of which there is at least one.
fn middle(numbers: &mut [i64]) -> i64 {
    let half = numbers.len() / 2;
    let even = numbers.len().is_multiple_of(2);
    let (below, high, _) = numbers.select_nth_unstable(half);
    let high = *high;
    let low = match below.iter().max() {
        Some(low) if even => *low,
        _ => high,
    };
    low + (high - low) / 2
}

impl Numbers {
    fn area(&self, home: &Home) -> u8 {
        if home.area == 0 {
            return UNKNOWN;
        }
        let band = self.area_bands.partition_point(|end| *end <= home.area);
        u8::try_from(band).unwrap_or(UNKNOWN)
    }

    fn age(&self, home: &Home) -> u8 {
        if home.year == 0 {
            return UNKNOWN;
        }
        let band = self.year_bands.partition_point(|last| *last < home.year);
        u8::try_from(band).unwrap_or(UNKNOWN)
    }

    /// The circle of a width; none where the home does not tell what it takes.
    fn key(&self, circle: Circle, home: &Home) -> Option<Key> {
        let (area, age) = (self.area(home), self.age(home));
        let (place, area, age) = match circle {
            Circle::CommunityAreaAge => (home.community, area, age),
            Circle::CommunityArea => (home.community, area, 0),
            Circle::Community => (home.community, 0, 0),
            Circle::District => (home.district, 0, 0),
        };
        (place != 0 && area != UNKNOWN && age != UNKNOWN).then_some(Key {
            place,
            circle,
            area,
            age,
        })
    }
}

/// The figures of every circle with enough peers.
#[derive(Debug, Default, PartialEq)]
pub struct Peers {
    numbers: Numbers,
    figures: HashMap<Key, Figures>,
}

/// Bytes of one circle's figures: place, circle, area, age, peers, median, spread.
const FIGURES: usize = 8 + 3 + 4 + 8 + 8;

impl Peers {
    /// The figures in bytes, in the order of their circles.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut figures: Vec<_> = self.figures.iter().collect();
        figures.sort_unstable_by_key(|(key, _)| **key);
        let mut bytes = Vec::with_capacity(figures.len() * FIGURES);
        for (key, figures) in figures {
            bytes.extend(key.place.to_le_bytes());
            bytes.extend([key.circle as u8, key.area, key.age]);
            bytes.extend(figures.peers.to_le_bytes());
            bytes.extend(figures.median.to_le_bytes());
            bytes.extend(figures.spread.to_le_bytes());
        }
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; nothing where that is damaged.
    pub fn from_bytes(numbers: Numbers, bytes: &[u8]) -> Option<Self> {
        let (entries, rest) = bytes.as_chunks::<FIGURES>();
        let read = |entry: &[u8; FIGURES]| {
            let (place, entry) = entry.split_first_chunk::<8>()?;
            let ([circle, area, age], entry) = entry.split_first_chunk::<3>()?;
            let (peers, entry) = entry.split_first_chunk::<4>()?;
            let (median, entry) = entry.split_first_chunk::<8>()?;
            let key = Key {
                place: u64::from_le_bytes(*place),
                circle: *Circle::ALL.get(usize::from(*circle))?,
                area: *area,
                age: *age,
            };
            let figures = Figures {
                peers: u32::from_le_bytes(*peers),
                median: i64::from_le_bytes(*median),
                spread: i64::from_le_bytes(entry.try_into().ok()?),
            };
            Some((key, figures))
        };
        if !rest.is_empty() {
            return None;
        }
        Some(Peers {
            numbers,
            figures: entries.iter().map(read).collect::<Option<_>>()?,
        })
    }

    /// The peers of a home: those of the narrowest circle that has enough.
    pub fn of(&self, home: &Home) -> Option<(Circle, Figures)> {
        Circle::ALL.into_iter().find_map(|circle| {
            let key = self.numbers.key(circle, home)?;
            Some((circle, *self.figures.get(&key)?))
        })
    }

    /// How far a unit price lies from the peers of its home; none where there are too few, or no price.
    pub fn judge(&self, home: &Home, unit_price: i64) -> Option<Deviation> {
        if unit_price <= 0 {
            return None;
        }
        let (circle, figures) = self.of(home)?;
        let (price, median) = (unit_price as f64, figures.median as f64);
        let least = median * f64::from(self.numbers.least_spread_permille) / 1000.0;
        let spread = (figures.spread as f64).max(least).max(1.0);
        Some(Deviation {
            circle,
            figures,
            ratio: price / median,
            score: 0.6745 * (price - median) / spread,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn home(community: u64, area: u32, year: u16) -> Home {
        Home {
            district: 9,
            community,
            area,
            year,
        }
    }

    fn peers(samples: &[(Home, i64)]) -> Peers {
        let mut gather = Gather::new(Numbers::default());
        for (home, price) in samples {
            gather.add(*home, *price);
        }
        gather.finish()
    }

    #[test]
    fn the_narrowest_circle_with_enough_peers_judges() {
        let mut samples: Vec<(Home, i64)> = (0..8)
            .map(|n| (home(1, 8_000, 2005), 5_000_000 + n * 10_000))
            .collect();
        samples.extend((0..8).map(|n| (home(1, 12_000, 2005), 4_000_000 + n * 10_000)));
        samples.extend((0..4).map(|n| (home(2, 8_000, 2005), 2_000_000 + n * 10_000)));
        let peers = peers(&samples);
        let circle = |home: Home| {
            peers
                .of(&home)
                .map(|(circle, figures)| (circle, figures.peers))
        };
        assert_eq!(
            circle(home(1, 8_500, 2001)),
            Some((Circle::CommunityAreaAge, 8))
        );
        assert_eq!(
            circle(home(1, 8_500, 1985)),
            Some((Circle::CommunityArea, 8))
        );
        assert_eq!(circle(home(1, 8_500, 0)), Some((Circle::CommunityArea, 8)));
        assert_eq!(circle(home(1, 3_000, 2005)), Some((Circle::Community, 16)));
        assert_eq!(circle(home(2, 8_000, 2005)), Some((Circle::District, 20)));
        assert_eq!(
            circle(Home {
                district: 8,
                ..home(3, 8_000, 2005)
            }),
            None
        );

        let judged = peers.judge(&home(1, 8_500, 2001), 2_500_000).unwrap();
        assert_eq!(
            (judged.figures.median, judged.figures.spread),
            (5_035_000, 20_000)
        );
        assert!(judged.ratio < 0.5 && judged.score < -3.5);
        // a spread of 0.4% is not believed; 2% of the median is
        let near = peers.judge(&home(1, 8_500, 2001), 5_135_700).unwrap();
        assert!((near.score - 0.6745).abs() < 0.001, "{near:?}");
        assert_eq!(peers.judge(&home(1, 8_500, 2001), 0), None);
    }

    #[test]
    fn three_wrong_prices_of_eight_do_not_move_the_median_away() {
        let right = (0..5).map(|n| (home(1, 8_000, 2005), 5_000_000 + n * 1_000));
        let wrong = (0..3).map(|n| (home(1, 8_000, 2005), 5_000 + n));
        let peers = peers(&right.chain(wrong).collect::<Vec<_>>());
        let judged = peers.judge(&home(1, 8_000, 2005), 5_000).unwrap();
        assert!(judged.figures.median > 4_900_000 && judged.score < -3.5);
    }

    fn samples() -> impl Strategy<Value = Vec<(Home, i64)>> {
        let home = (
            0..3_u64,
            0..4_u64,
            0..25_000_u32,
            prop_oneof![Just(0), 1980..2025_u16],
        )
            .prop_map(|(district, community, area, year)| Home {
                district,
                community,
                area,
                year,
            });
        proptest::collection::vec((home, any::<i64>()), 0..120)
    }

    proptest! {
        #[test]
        fn order_does_not_matter(given in samples(), turn in 0..120_usize) {
            let mut turned = given.clone();
            turned.reverse();
            let n = turned.len().max(1);
            turned.rotate_left(turn % n);
            prop_assert_eq!(peers(&given), peers(&turned));
        }

        #[test]
        fn figures_come_back_from_bytes(given in samples(), cut in 1..40_usize) {
            let peers = peers(&given);
            let bytes = peers.to_bytes();
            prop_assert_eq!(Peers::from_bytes(Numbers::default(), &bytes), Some(peers));
            let cut = bytes.len().saturating_sub(cut);
            let _ = Peers::from_bytes(Numbers::default(), &bytes[..cut]);
        }

        #[test]
        fn few_peers_are_silent(given in samples(), price in 1..i64::MAX) {
            let peers = peers(&given);
            for (home, _) in &given {
                let judged = peers.judge(home, price);
                let around = |same: &dyn Fn(&Home) -> bool| {
                    given.iter().filter(|(other, price)| *price > 0 && same(other)).count()
                };
                let community = around(&|other| home.community != 0 && other.community == home.community);
                let district = around(&|other| home.district != 0 && other.district == home.district);
                prop_assert_eq!(judged.is_some(), community >= 8 || district >= 8);
                if let Some(judged) = judged {
                    prop_assert!(judged.figures.peers >= 8);
                    prop_assert!(judged.score.is_finite() && judged.ratio > 0.0);
                }
            }
        }
    }
}
