use super::*;
use crate::homes::{Fact, Veto};

/// A home that tells everything.
fn home() -> Home {
    Home {
        id: 1,
        block: 5,
        price: 500_000_000,
        area: 8_937,
        system: 1,
        office: 1,
        agent: 1,
        district: 4,
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

/// The same home at another agency.
fn copy() -> Home {
    Home {
        id: 2,
        office: 2,
        agent: 2,
        ..home()
    }
}

fn check(other: Home, veto: Option<Veto>) {
    let numbers = Numbers::default();
    let verdict = compare(&home(), &other, &numbers);
    assert_eq!(verdict.veto, veto, "{other:?}");
    assert_eq!(compare(&other, &home(), &numbers), verdict);
}

#[test]
fn vetoes() {
    check(copy(), None);
    check(
        Home {
            office: 1,
            ..copy()
        },
        Some(Veto::Agency),
    );
    check(
        Home {
            office: 0,
            agent: 1,
            ..copy()
        },
        Some(Veto::Agency),
    );
    check(
        Home {
            office: 0,
            agent: 0,
            ..copy()
        },
        Some(Veto::Agency),
    );
    check(
        Home {
            office: 1,
            system: 2,
            ..copy()
        },
        None,
    );
    check(Home { level: 7, ..copy() }, Some(Veto::Floor));
    check(
        Home {
            level: -1,
            ..copy()
        },
        Some(Veto::Floor),
    );
    check(
        Home {
            level: 0,
            band: Some(FloorBand::High),
            ..copy()
        },
        Some(Veto::Floor),
    );
    check(
        Home {
            level: 0,
            band: Some(FloorBand::Low),
            ..copy()
        },
        None,
    );
    check(
        Home {
            level: 0,
            band: Some(FloorBand::Mid),
            ..copy()
        },
        None,
    );
    check(
        Home {
            storeys: 19,
            ..copy()
        },
        None,
    );
    check(
        Home {
            storeys: 20,
            ..copy()
        },
        Some(Veto::Storeys),
    );
    check(
        Home {
            area: 9_200,
            ..copy()
        },
        Some(Veto::Area),
    );
    check(
        Home {
            area: 9_000,
            ..copy()
        },
        None,
    );
    check(Home { block: 6, ..copy() }, Some(Veto::Block));
    let doors = |building, unit| Home {
        building,
        unit,
        ..copy()
    };
    let numbers = Numbers::default();
    let veto = |a, b| {
        compare(
            &Home {
                id: 3,
                office: 3,
                ..a
            },
            &b,
            &numbers,
        )
        .veto
    };
    assert_eq!(veto(doors(1, 7), doors(2, 7)), Some(Veto::Building));
    assert_eq!(veto(doors(1, 7), doors(1, 8)), Some(Veto::Unit));
    assert_eq!(veto(doors(1, 7), doors(0, 7)), None);
}

#[test]
fn an_identical_door_overrides_the_agency() {
    let numbers = Numbers::default();
    let door = |home: Home| Home {
        building: 3,
        unit: 1203,
        ..home
    };
    let again = Home {
        office: 1,
        ..copy()
    };
    assert_eq!(compare(&door(home()), &door(again), &numbers).veto, None);
    let no_building = |home: Home| Home { unit: 1203, ..home };
    let veto = compare(&no_building(home()), &no_building(again), &numbers).veto;
    assert_eq!(veto, Some(Veto::Agency));
}

#[test]
fn evidence_adds_up() {
    let verdict = compare(
        &home(),
        &Home {
            price: 510_000_000,
            ..copy()
        },
        &Numbers::default(),
    );
    let sum: f32 = verdict.evidence().map(|(_, weight)| weight).sum();
    assert!((sum - verdict.weight()).abs() < 1e-4);
    let floor = verdict.evidence().find(|(fact, _)| *fact == Fact::Floor);
    // one of eighteen floors
    assert!((floor.unwrap().1 - 18_f32.log2()).abs() < 1e-4);
    let odds = f64::from(verdict.weight()).exp2();
    assert!((f64::from(verdict.probability()) - odds / (1.0 + odds)).abs() < 1e-4);
}

#[test]
fn likeness_orders_weights() {
    let numbers = Numbers::default();
    let weigh = |other: Home| compare(&home(), &other, &numbers).weight();
    let all = weigh(copy());
    for worse in [
        Home {
            area: 8_900,
            ..copy()
        },
        Home {
            price: 515_000_000,
            ..copy()
        },
        Home { faces: 1, ..copy() },
        Home {
            year: 2006,
            ..copy()
        },
        Home {
            living_rooms: 3,
            ..copy()
        },
        Home {
            bathrooms: 3,
            elsewhere: false,
            ..copy()
        },
        Home {
            storeys: 17,
            ..copy()
        },
        Home {
            district: 5,
            ..copy()
        },
        Home { level: 0, ..copy() },
    ] {
        assert!(weigh(worse) < all, "{worse:?}");
    }
    assert!(
        weigh(Home {
            photos: [9, 8, 0],
            ..copy()
        }) == all
    );
}
