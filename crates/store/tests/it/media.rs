//! Media are folded within a run and come back with undo.

use model::codes::MediaKind;
use model::media::Media;
use store::{Action, MediumUpserted, Run};

use crate::common::{Place, input, listing, put, start};

fn photo(width: i64) -> Media {
    Media {
        url: "1.jpg".into(),
        kind: Some(MediaKind::Photo),
        width: Some(width),
        seconds: Some("12.50".parse().unwrap()),
        ..Media::default()
    }
}

#[test]
fn rows_of_one_medium_come_to_one_end_state() {
    let place = Place::new();
    let mut store = place.open();
    let mut run = store.begin(start()).unwrap();
    let file = input(&mut run);
    let home = put(&mut run, file, 0, &listing("1", 100));
    let key = home.key.as_str();
    let write = |run: &mut Run<'_>, width| {
        let MediumUpserted {
            action,
            earlier_action,
        } = run
            .upsert_medium(home.id, key, &photo(width), false)
            .unwrap();
        (earlier_action, action)
    };
    assert_eq!(write(&mut run, 1), (None, Action::New));
    assert_eq!(write(&mut run, 2), (Some(Action::New), Action::New));
    run.commit("{}", "done").unwrap();
    let first = store.media(key).unwrap();
    assert_eq!(first[0].medium.width, Some(2));
    assert_eq!(first[0].medium.seconds.unwrap().to_string(), "12.5");
    assert_eq!(store.media_counts().unwrap().get(key), Some(&1));

    let mut run = store.begin(start()).unwrap();
    assert_eq!(write(&mut run, 2), (None, Action::Unchanged));
    assert_eq!(write(&mut run, 3), (None, Action::Changed));
    let back = (Some(Action::Changed), Action::Unchanged);
    assert_eq!(write(&mut run, 2), back);
    assert_eq!(write(&mut run, 4), (None, Action::Changed));
    let told = run.media_told().unwrap();
    assert!(told.media && told.seconds && told.pixels && !told.rooms);
    assert_eq!(run.listings_with_media().unwrap(), [home.id]);
    let second = run.commit("{}", "done").unwrap().number;
    assert_eq!(store.media(key).unwrap()[0].medium.width, Some(4));
    let undone = store.undo(second, start(), "test").unwrap();
    assert_eq!((undone.restored, undone.removed), (1, 0));
    assert_eq!(store.media(key).unwrap(), first);
    let undone = store.undo(1, start(), "test").unwrap();
    assert_eq!(undone.removed, 2);
}
