use std::collections::HashMap;

use super::*;
use proptest::prelude::*;

/// Homes of few kinds in few blocks, so that twins, rivals and chains come up all the time.
fn homes() -> impl Strategy<Value = Vec<Home>> {
    let kind = (1..3_u64, 0..5_u32, 0..4_u8, 0..6_u32, 0..4_u64, 0..4_u32);
    prop::collection::vec(kind, 0..40).prop_map(|kinds| {
        let home = |(id, (block, area, level, office, price, unit))| Home {
            id: id as u64 + 1,
            block,
            price: price * 100 + 9_900,
            area: if area == 0 { 0 } else { 8_837 + 50 * area },
            system: 1 + office % 2,
            office,
            agent: 0,
            district: 0,
            community: 0,
            trade: 0,
            building: u32::from(unit == 3),
            entrance: 0,
            unit: if unit < 2 { 0 } else { unit },
            photos: [0; 3],
            year: 0,
            level: level as i8,
            band: None,
            storeys: 18,
            faces: 1,
            bedrooms: 3,
            living_rooms: 0,
            bathrooms: 0,
            elsewhere: false,
        };
        kinds.into_iter().enumerate().map(home).collect()
    })
}

type ByIds = (Vec<Vec<u64>>, Vec<(u64, u64, String)>);

/// Groups and unsure pairs by the ids of listings, with the evidence of the pairs.
fn by_ids(homes: &[Home]) -> ByIds {
    let groups = group(homes, &Numbers::default());
    let id = |at: &u32| homes[*at as usize].id;
    let unsure = groups.unsure.iter().map(|pair| {
        let said: Vec<_> = pair.verdict.evidence().collect();
        (id(&pair.a), id(&pair.b), format!("{said:?}"))
    });
    let homes = groups.homes.iter();
    (
        homes.map(|group| group.iter().map(id).collect()).collect(),
        unsure.collect(),
    )
}

proptest! {
    #[test]
    fn order_does_not_matter(given in homes(), seed in any::<u64>()) {
        let mut turned = given.clone();
        turned.sort_by_key(|home| home.id.wrapping_mul(seed | 1).rotate_left(17));
        prop_assert_eq!(by_ids(&given), by_ids(&turned));
    }

    #[test]
    fn blocks_regrouped_alone_come_out_the_same(given in homes()) {
        let (all, _) = by_ids(&given);
        let mut apart = Vec::new();
        for block in 1..3 {
            let members: Vec<Home> = given.iter().filter(|home| home.block == block).copied().collect();
            apart.extend(by_ids(&members).0);
        }
        apart.sort();
        prop_assert_eq!(all, apart);
    }

    #[test]
    fn nothing_in_a_group_is_vetoed(given in homes()) {
        let numbers = Numbers::default();
        let groups = group(&given, &numbers);
        let mut seen: HashMap<u32, usize> = HashMap::new();
        for members in &groups.homes {
            prop_assert!(members.len() > 1);
            for (i, a) in members.iter().enumerate() {
                *seen.entry(*a).or_default() += 1;
                for b in &members[i + 1..] {
                    prop_assert_eq!(veto(&given[*a as usize], &given[*b as usize], &numbers), None);
                }
            }
        }
        prop_assert!(seen.values().all(|n| *n == 1));
        for pair in &groups.unsure {
            prop_assert!(given[pair.a as usize].id < given[pair.b as usize].id);
            prop_assert!(pair.verdict.probability() >= numbers.ask_from - 1e-4);
        }
    }
}

fn listing(id: u64, office: u32) -> Home {
    Home {
        id,
        block: 5,
        price: 500_000_000,
        area: 8_937,
        system: 1,
        office,
        agent: 0,
        district: 0,
        community: 0,
        trade: 0,
        building: 0,
        entrance: 0,
        unit: 0,
        photos: [0; 3],
        year: 2005,
        level: 6,
        band: None,
        storeys: 18,
        faces: 3,
        bedrooms: 3,
        living_rooms: 2,
        bathrooms: 2,
        elsewhere: false,
    }
}

fn ids(homes: &[Home]) -> Vec<Vec<u64>> {
    by_ids(homes).0
}

#[test]
fn twelve_adverts_of_one_home_are_one_home() {
    let homes: Vec<Home> = (1..=12).map(|n| listing(n, n as u32)).collect();
    assert_eq!(ids(&homes), [(1..=12).collect::<Vec<u64>>()]);
}

#[test]
fn an_agency_finds_one_partner_at_another() {
    // Two homes at each of two agencies, told apart by their prices.
    let other = |home: Home| Home {
        price: 450_000_000,
        ..home
    };
    let homes = [
        listing(1, 1),
        other(listing(2, 1)),
        listing(3, 2),
        other(listing(4, 2)),
    ];
    assert_eq!(ids(&homes), [[1, 3], [2, 4]]);
}

#[test]
fn a_chain_does_not_join_strangers() {
    // Each is close to the next, the ends are too far apart.
    let homes: Vec<Home> = (0..6)
        .map(|n| Home {
            area: 8_937 + 90 * n,
            ..listing(u64::from(n) + 1, n + 1)
        })
        .collect();
    for group in group(&homes, &Numbers::default()).homes {
        assert!(group.len() < 4, "{group:?}");
    }
}

#[test]
fn twins_that_rule_each_other_out_are_asked() {
    // Without its floor the first can be either of two homes of the other agency.
    let homes = [
        Home {
            level: 0,
            ..listing(1, 1)
        },
        listing(2, 2),
        Home {
            level: 9,
            ..listing(3, 2)
        },
    ];
    let groups = group(&homes, &Numbers::default());
    assert_eq!(groups.homes, Vec::<Vec<u32>>::new());
    assert_eq!(groups.unsure.len(), 2);
}

#[test]
fn a_door_is_found_in_a_crowd_and_without_an_area() {
    let numbers = Numbers {
        most_compared: 2,
        ..Numbers::default()
    };
    let door = |home: Home| Home {
        building: 3,
        unit: 1203,
        ..home
    };
    // the crowd tells other doors, or it would be in doubt whether they are the same
    let mut homes: Vec<Home> = (10..30)
        .map(|n| Home {
            building: 3,
            unit: n as u32,
            level: 9,
            ..listing(n, n as u32)
        })
        .collect();
    homes.push(door(listing(1, 1)));
    homes.push(Home {
        area: 9_000,
        ..door(listing(2, 2))
    });
    homes.push(Home {
        area: 0,
        ..door(listing(3, 3))
    });
    let groups = group(&homes, &numbers);
    assert_eq!(groups.homes, [[20, 21, 22]]);
}
