//! Public keys: derived from where a record comes from, so that the same record gets the same key in
//! every store and no counter shows through.

use xxhash_rust::xxh3::xxh3_64;

use crate::listing::Listing;

/// Alphabet of RFC 4648 base32, in lower case: no key reads like a number.
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// A public key: one letter for what it names and 80 bits of a hash in base32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey([u8; 17]);

impl PublicKey {
    /// Derives the key of the record `key` of the system `name`; `letter` says what kind of thing it is.
    pub fn derive(letter: u8, name: &str, key: &str) -> Self {
        let parts = [&[letter][..], name.as_bytes(), &[0], key.as_bytes()];
        let mut room = [0; 128];
        let mut used = 0;
        for part in parts {
            match room.get_mut(used..used + part.len()) {
                Some(place) => place.copy_from_slice(part),
                None => return Self::from_hash(letter, blake3::hash(&parts.concat()).as_bytes()),
            }
            used += part.len();
        }
        Self::from_hash(letter, blake3::hash(&room[..used]).as_bytes())
    }

    fn from_hash(letter: u8, hash: &[u8; 32]) -> Self {
        let mut text = [letter; 17];
        let mut bits = u128::from_be_bytes(std::array::from_fn(|i| hash[i])) >> 48;
        for slot in text[1..].iter_mut().rev() {
            *slot = ALPHABET[(bits & 31) as usize];
            bits >>= 5;
        }
        PublicKey(text)
    }

    /// Reads a key back; nothing where the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let key: [u8; 17] = text.as_bytes().try_into().ok()?;
        let ours = |byte: &u8| matches!(byte, b'a'..=b'z' | b'2'..=b'7');
        (key[0].is_ascii_uppercase() && key[1..].iter().all(ours)).then_some(PublicKey(key))
    }

    /// A digest of the key for tables in memory; not for keeping.
    pub fn digest(&self) -> u64 {
        let word = |at: usize| {
            self.0[at..]
                .first_chunk::<8>()
                .map_or(0, |word| u64::from_le_bytes(*word))
        };
        let mixed = word(1).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ^ word(9).wrapping_mul(0xC2B2_AE3D_27D4_EB4F).rotate_left(29);
        (mixed ^ mixed >> 32).wrapping_mul(0xD6E8_FEB8_6659_FD93)
    }

    /// The key as text: 17 ASCII characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a listing is looked up by: its key, and hashes of where it lies and who offers it. An index of
/// numbers of two bytes is built in a half to two thirds of the time of one of texts, and stays smaller. Different places and
/// agents may share a hash: whoever looks something up by one compares the texts too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lookup {
    /// The listing's key.
    pub key: PublicKey,
    /// Of the city in the upper 7 bits, of the district in the lower 8: the listings of a city lie together.
    pub place: u16,
    /// Of the agent's id in its source, 15 bits; absent where none is named.
    pub agent: Option<u16>,
}

impl Lookup {
    /// What a listing is looked up by; nothing where its originating system has no key for it.
    pub fn of(listing: &Listing) -> Option<Self> {
        if listing.originating_system_key.is_empty() {
            return None;
        }
        let agent = listing.list_agent_id.as_str();
        Some(Lookup {
            key: listing_key(
                &listing.originating_system_name,
                &listing.originating_system_key,
            ),
            place: place_hash(&listing.city, &listing.county_or_parish),
            agent: (!agent.is_empty()).then(|| agent_hash(agent)),
        })
    }
}

/// The hash under which the listings of a district are found.
pub fn place_hash(city: &str, county_or_parish: &str) -> u16 {
    short_hash(city, 7) << 8 | short_hash(county_or_parish, 8)
}

/// The hash under which the listings of an agent are found.
pub fn agent_hash(list_agent_id: &str) -> u16 {
    short_hash(list_agent_id, 15)
}

/// XXH3 is defined by its specification, so a store can keep the hash.
fn short_hash(text: &str, bits: u32) -> u16 {
    (xxh3_64(text.as_bytes()) >> (64 - bits)) as u16
}

/// Key of a listing.
pub fn listing_key(originating_system_name: &str, originating_system_key: &str) -> PublicKey {
    PublicKey::derive(b'L', originating_system_name, originating_system_key)
}

/// Key of a member.
pub fn member_key(originating_system_name: &str, originating_system_key: &str) -> PublicKey {
    PublicKey::derive(b'M', originating_system_name, originating_system_key)
}

/// Key of an office.
pub fn office_key(originating_system_name: &str, originating_system_key: &str) -> PublicKey {
    PublicKey::derive(b'O', originating_system_name, originating_system_key)
}

/// Key of the home a listing offers, as long as no other listing is known to offer the same home.
pub fn home_key(listing_key: PublicKey) -> PublicKey {
    let mut text = listing_key.0;
    text[0] = b'H';
    PublicKey(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_stable_and_tell_systems_apart() {
        let key = listing_key("lianjia", "101102647043");
        assert_eq!(key, listing_key("lianjia", "101102647043"));
        assert_ne!(key, listing_key("beike", "101102647043"));
        assert_ne!(listing_key("a", "bc"), listing_key("ab", "c"));
        let long = |n| listing_key("lianjia", &"1".repeat(n));
        assert_ne!(long(118), long(119));
        assert_ne!(long(119), long(120));
        assert_eq!(key.as_str().len(), 17);
        assert_eq!(&home_key(key).as_str()[1..], &key.as_str()[1..]);
    }

    #[test]
    fn listings_of_a_city_lie_together() {
        let hash = |city, district| place_hash(city, district);
        assert_eq!(hash("北京", "朝阳") >> 8, hash("北京", "海淀") >> 8);
        assert_ne!(hash("北京", "朝阳"), hash("北京", "海淀"));
        assert_ne!(hash("北京", "朝阳") >> 8, hash("长春", "朝阳") >> 8);
        assert!(i16::try_from(hash("北京", "朝阳")).is_ok());
    }

    #[test]
    fn a_listing_without_a_key_is_not_looked_up() {
        let mut listing = Listing::default();
        assert_eq!(Lookup::of(&listing), None);
        listing.originating_system_name.push_str("lianjia");
        listing.originating_system_key.push_str("101");
        let lookup = Lookup::of(&listing).unwrap();
        assert_eq!(lookup.key, listing_key("lianjia", "101"));
        assert_eq!(lookup.agent, None);
    }

    #[test]
    fn keys_are_read_back() {
        let key = listing_key("lianjia", "101102647043");
        assert_eq!(PublicKey::parse(key.as_str()), Some(key));
        assert_eq!(PublicKey::parse(&key.as_str()[1..]), None);
        assert_eq!(PublicKey::parse("L0123456789abcdef"), None);
        let digests: std::collections::HashSet<u64> = (0..10_000)
            .map(|n| listing_key("lianjia", &n.to_string()).digest())
            .collect();
        assert_eq!(digests.len(), 10_000);
    }
}
