//! The facts of one listing that tell homes apart, in 96 bytes.

use model::codes::{AreaUnit, BusinessLine, Direction, FloorBand, Frequency, RentMode};
use model::listing::Listing;
use model::money::Currency;
use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::place::{Places, city_form, plain};
use super::spelling::{door_form, three_doors};

/// What is known of the home a listing offers. Texts are hashes of their one spelling; 0 says that the
/// listing does not tell. The hashes are XXH3, which a store can keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Home {
    /// The listing, as its caller tells listings apart: a digest of its key or the store's row id.
    /// It decides between equals, so it must not depend on the order of rows.
    pub id: u64,
    /// Which listings this one is compared with: those of the same block. 0: with none.
    pub block: u64,
    /// Asking price in minor units, or the rent of a month.
    pub price: u64,
    /// Area in hundredths of a square metre.
    pub area: u32,
    /// The system the listing comes from.
    pub system: u32,
    /// Its office, or the brand.
    pub office: u32,
    /// Its agent.
    pub agent: u32,
    /// City and district.
    pub district: u32,
    /// City and community.
    pub community: u32,
    /// Line of business and currency: prices are compared only where these agree.
    pub trade: u16,
    /// Building.
    pub building: u32,
    /// Entrance of the building.
    pub entrance: u32,
    /// Door.
    pub unit: u32,
    /// The three smallest hashes of photo names: sets that share photos are likely to share one of these.
    pub photos: [u32; 3],
    /// Year built.
    pub year: u16,
    /// Floor; basements are negative.
    pub level: i8,
    /// Where in the building.
    pub band: Option<FloorBand>,
    /// Floors of the building.
    pub storeys: u8,
    /// Directions, a bit each.
    pub faces: u8,
    /// Bedrooms and one; a studio counts as one bedroom.
    pub bedrooms: u8,
    /// Living rooms and one.
    pub living_rooms: u8,
    /// Bathrooms and one.
    pub bathrooms: u8,
    /// Whether the table of communities knows the community in other cities only.
    pub elsewhere: bool,
}

impl Home {
    /// Gathers the facts of a settled listing.
    ///
    /// The block is the community (or, without one, the address), the line of business and the number
    /// of bedrooms. Bedrooms are in it because agents do not differ in them: of the 1,758 equal rows of two
    /// Beijing rental files no two do. A sale and a rental of one home are two offers with roles of their own,
    /// so they are never one home here. Rooms of a shared flat (合租) look alike and are different
    /// offers: they have no block, and neither has a listing without a place.
    pub fn of(listing: &Listing, id: u64, places: &mut Places) -> Self {
        let letting = listing.business_line == Some(BusinessLine::Rental);
        let bedrooms = listing
            .bedrooms_total
            .map(|n| if n == 0 { 1 } else { n })
            .or(listing.studio.filter(|studio| *studio).map(|_| 1));
        let [building, entrance, unit] = doors(listing);
        let mut home = Home {
            id,
            block: 0,
            price: price(listing, letting).unwrap_or(0),
            area: area(listing).unwrap_or(0),
            system: hash(&listing.originating_system_name),
            office: hash(if listing.list_office_id.is_empty() {
                &listing.list_office_name
            } else {
                &listing.list_office_id
            }),
            agent: hash(&listing.list_agent_id),
            district: district(listing),
            community: 0,
            trade: trade(listing),
            building,
            entrance,
            unit,
            photos: photos(&listing.photos),
            year: small(listing.year_built),
            level: listing
                .entry_level
                .and_then(|n| i8::try_from(n).ok())
                .unwrap_or(0),
            band: listing.floor_band,
            storeys: small(listing.stories_total),
            faces: faces(&listing.orientation),
            bedrooms: counted(bedrooms),
            living_rooms: counted(listing.living_rooms),
            bathrooms: counted(listing.bathrooms_total_integer),
            elsewhere: false,
        };
        if !listing.subdivision_name.is_empty() {
            let community = places.key(&listing.city, &listing.subdivision_name);
            home.community = (community >> 32) as u32;
            home.elsewhere = places.is_elsewhere(&listing.city, &listing.subdivision_name);
        }
        if listing.rent_mode != Some(RentMode::Shared) {
            let place = place(listing, places);
            let line = match listing.business_line {
                Some(BusinessLine::Rental) => 1,
                Some(BusinessLine::New) => 2,
                _ => 0,
            };
            home.block = block(place, line, home.bedrooms);
        }
        home
    }

    /// Whom a listing counts for: its office, without one its agent, within its system.
    pub(super) fn agency(&self) -> (u32, u32) {
        let agency = if self.office != 0 {
            self.office
        } else {
            self.agent
        };
        (self.system, agency)
    }

    /// Who may not name the same home twice: the office, without one the agent, without one the system.
    pub(super) fn same_agency(&self, other: &Home) -> bool {
        self.system == other.system
            && match (self.office, other.office, self.agent, other.agent) {
                (0, _, 0, _) | (0, _, _, 0) | (_, 0, 0, _) | (_, 0, _, 0) => true,
                (0, _, a, b) | (_, 0, a, b) => a == b,
                (a, b, _, _) => a == b,
            }
    }
}

/// The price of a unit of area, in minor units a square metre; 0 where price or area is unknown.
pub(crate) fn unit_price(home: &Home) -> i64 {
    let cents = u128::from(home.price) * 100;
    let each = cents.checked_div(u128::from(home.area)).unwrap_or(0);
    i64::try_from(each).unwrap_or(0)
}

fn district(listing: &Listing) -> u32 {
    if listing.county_or_parish.is_empty() {
        return 0;
    }
    let city = u64::from(some_hash(&listing.city, city_form));
    let name = u64::from(some_hash(&listing.county_or_parish, city_form));
    let both = xxh3_64_with_seed(&name.to_le_bytes(), city);
    ((both >> 32) as u32).max(1)
}

/// Line of business and currency.
fn trade(listing: &Listing) -> u16 {
    let line = listing.business_line.map_or(0, |line| line as u16 + 1);
    let currency = listing.currency.unwrap_or(Currency::CNY);
    let hash = xxh3_64_with_seed(currency.as_str().as_bytes(), 4) as u16;
    hash << 3 | line & 7
}

/// The block of a place, a line of business and a number of bedrooms; 0 without a place.
fn block(place: u64, line: u8, bedrooms: u8) -> u64 {
    if place == 0 {
        return 0;
    }
    xxh3_64_with_seed(&[line, bedrooms], place).max(1)
}

/// The community; without one, the address.
fn place(listing: &Listing, places: &mut Places) -> u64 {
    let city = &listing.city;
    if !listing.subdivision_name.is_empty() {
        return places.key(city, &listing.subdivision_name);
    }
    let address = if listing.unparsed_address.is_empty() {
        if listing.street_name.is_empty() || listing.street_number.is_empty() {
            return 0;
        }
        plain(&format!(
            "{} {}",
            listing.street_number, listing.street_name
        ))
    } else {
        plain(&listing.unparsed_address)
    };
    let city = u64::from(some_hash(city, city_form));
    // a place of its own kind: no community has the key of an address
    xxh3_64_with_seed(address.as_bytes(), city << 32 | 3)
}

/// Building, entrance and door; of each the listing's own field, else its part of a longer text.
fn doors(listing: &Listing) -> [u32; 3] {
    let within = three_doors(&listing.unit_number);
    let text = |field: &str, part: usize| {
        let field = match (&within, part) {
            (Some(parts), 2) => parts[2],
            (Some(parts), _) if field.is_empty() => parts[part],
            _ => field,
        };
        some_hash(field, door_form)
    };
    [
        text(&listing.building_name, 0),
        text(&listing.entrance, 1),
        text(&listing.unit_number, 2),
    ]
}

/// Area in hundredths of a square metre: gross, or the inner area where it is all there is.
fn area(listing: &Listing) -> Option<u32> {
    let gross = listing
        .building_area_total
        .map(|area| (area, listing.building_area_units));
    let inner = listing
        .living_area
        .map(|area| (area, listing.living_area_units));
    let (area, unit) = gross.or(inner)?;
    let metres = match unit {
        None | Some(AreaUnit::SquareMeters) => area,
        // 1 ft is 0.3048 m, an acre is 43,560 square feet
        Some(AreaUnit::SquareFeet) => (area.checked_mul(92_903)? + 500_000) / 1_000_000,
        Some(AreaUnit::Acres) => area.checked_mul(404_686)? / 100,
    };
    u32::try_from(metres).ok().filter(|area| *area > 0)
}

/// The asking price, or the rent of a month.
fn price(listing: &Listing, letting: bool) -> Option<u64> {
    let amount = if letting {
        let rent = listing.lease_amount?;
        match listing.lease_amount_frequency {
            None | Some(Frequency::Monthly) => rent,
            Some(Frequency::Daily) => rent.checked_mul(30)?,
            Some(Frequency::Weekly) => rent.checked_mul(52)? / 12,
            Some(Frequency::Quarterly) => rent / 3,
            Some(Frequency::SemiAnnually) => rent / 6,
            Some(Frequency::Annually) => rent / 12,
        }
    } else {
        listing.list_price?
    };
    u64::try_from(amount).ok()
}

/// The directions of a list field, a bit each.
fn faces(list: &str) -> u8 {
    list.split('|')
        .filter_map(Direction::from_code)
        .fold(0, |bits, direction| bits | 1 << direction as u8)
}

/// A sketch of a list of photos. Only names that are likely to be of one photo count: with at least
/// eight letters and digits, which `1.jpg` has not.
fn photos(list: &str) -> [u32; 3] {
    let mut smallest = [u32::MAX; 3];
    for photo in list.split('|') {
        let path = photo.split(['?', '#', '!']).next().unwrap_or_default();
        let name = path.rsplit('/').next().unwrap_or_default();
        let stem = name.split('.').next().unwrap_or_default();
        if stem.bytes().filter(u8::is_ascii_alphanumeric).count() < 8 {
            continue;
        }
        let hash = hash(stem);
        if let Some(at) = smallest.iter().position(|known| hash < *known)
            && !smallest.contains(&hash)
        {
            smallest[at..].rotate_right(1);
            smallest[at] = hash;
        }
    }
    smallest.map(|hash| if hash == u32::MAX { 0 } else { hash })
}

fn small<T: TryFrom<i64> + Default>(number: Option<i64>) -> T {
    number.and_then(|n| T::try_from(n).ok()).unwrap_or_default()
}

/// A count and one, so that 0 can say that there is none known.
fn counted(number: Option<i64>) -> u8 {
    number
        .and_then(|n| u8::try_from(n).ok())
        .map_or(0, |n| n.saturating_add(1))
}

fn some_hash(text: &str, form: impl Fn(&str) -> String) -> u32 {
    if text.is_empty() {
        0
    } else {
        hash(&form(text))
    }
}

/// A hash that is 0 only for the empty text.
fn hash(text: &str) -> u32 {
    if text.is_empty() {
        return 0;
    }
    let hash = xxh3_64_with_seed(text.as_bytes(), 0);
    ((hash ^ hash >> 32) as u32).clamp(1, u32::MAX - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listing() -> Listing {
        Listing {
            originating_system_name: "lianjia".into(),
            city: "北京".into(),
            subdivision_name: "柏林爱乐二期".into(),
            business_line: Some(BusinessLine::Resale),
            bedrooms_total: Some(2),
            building_area_total: Some(8_937),
            orientation: "South|North".into(),
            ..Listing::default()
        }
    }

    #[test]
    fn spelling_does_not_move_a_listing_to_another_block() {
        let mut places = Places::default();
        let first = Home::of(&listing(), 1, &mut places);
        let mut other = listing();
        other.city = "北京市".into();
        other.subdivision_name = "柏林爱乐Ⅱ期".into();
        assert_eq!(Home::of(&other, 1, &mut places), first);
        other.bedrooms_total = Some(3);
        assert_ne!(Home::of(&other, 1, &mut places).block, first.block);
        other.rent_mode = Some(RentMode::Shared);
        assert_eq!(Home::of(&other, 1, &mut places).block, 0);
        assert_eq!(Home::of(&Listing::default(), 1, &mut places).block, 0);
    }

    #[test]
    fn doors_come_from_their_fields_or_from_one_text() {
        let mut a = listing();
        a.unit_number = "3-2-1203".into();
        let mut b = listing();
        b.building_name = "三号楼".into();
        b.entrance = "二单元".into();
        b.unit_number = "1203室".into();
        assert_eq!(doors(&a), doors(&b));
    }

    #[test]
    fn areas_and_rents_have_one_unit() {
        let mut a = listing();
        a.building_area_total = Some(100_000);
        a.building_area_units = Some(AreaUnit::SquareFeet);
        assert_eq!(area(&a), Some(9_290));
        a.lease_amount = Some(1_200_000);
        a.lease_amount_frequency = Some(Frequency::Annually);
        assert_eq!(price(&a, true), Some(100_000));
    }

    #[test]
    fn photo_names_that_many_share_do_not_count() {
        assert_eq!(photos("L1/1.jpg|L1/2.jpg"), [0; 3]);
        assert_ne!(photos("a/9f86d081884c.jpg?w=2"), [0; 3]);
        assert_eq!(
            photos("a/9f86d081884c.jpg?w=2"),
            photos("b/9f86d081884c.webp")
        );
    }

    #[test]
    fn a_home_is_small() {
        assert!(size_of::<Home>() <= 96);
    }
}
