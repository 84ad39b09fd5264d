#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout)]
use model::codes::*;
use model::listing::Listing;
use store::*;
fn main() {
    let n: u32 = std::env::args().nth(1).unwrap().parse().unwrap();
    let path = std::env::args().nth(2).unwrap();
    let salt: i64 = std::env::args().nth(3).map_or(0, |s| s.parse().unwrap());
    let opts = OpenOptions {
        key_file: Some("/tmp/bench.key".into()),
        create: true,
        ..Default::default()
    };
    let mut store = Store::open(&path.parse().unwrap(), &opts).unwrap();
    let mut run = store
        .begin(RunStart {
            tool: "bench".into(),
            ..Default::default()
        })
        .unwrap();
    let input = run.input(InputStart::default()).unwrap();
    let mut l = Listing::default();
    let mut counts = [0; 3];
    let cities = ["上海", "北京", "深圳", "广州", "杭州"];
    for i in 0..n {
        l.clear();
        use std::fmt::Write;
        l.originating_system_name.push_str("default");
        write!(l.originating_system_key, "L{i:09}").unwrap();
        write!(l.listing_id, "L{i:09}").unwrap();
        write!(l.title, "翠湖新村 4室2厅 南北 {}平", i % 150).unwrap();
        l.standard_status = Some(StandardStatus::Active);
        l.business_line = Some(BusinessLine::Resale);
        l.property_type = Some(PropertyType::Residential);
        l.property_sub_type.push_str("Apartment");
        write!(l.subdivision_name, "翠湖新村{}", i % 3000).unwrap();
        l.city
            .push_str(cities[(i.wrapping_mul(2654435761) >> 7) as usize % 5]);
        write!(
            l.county_or_parish,
            "青羊{}",
            (i.wrapping_mul(2654435761) >> 9) % 9
        )
        .unwrap();
        l.mls_area_major.push_str("青羊湖畔");
        l.bedrooms_total = Some(4);
        l.living_rooms = Some(2);
        l.kitchens = Some(1);
        l.bathrooms_total_integer = Some(2);
        l.building_area_total = Some(12773);
        l.building_area_units = Some(AreaUnit::SquareMeters);
        l.list_price = Some(210_700_000 + salt);
        l.unit_price = Some(1_650_000);
        l.currency = model::money::Currency::from_code("CNY");
        l.price_basis = Some(PriceBasis::Total);
        l.entry_level = Some(6);
        l.stories_total = Some(6);
        l.floor_band = Some(FloorBand::Top);
        l.orientation.push_str("South|North");
        l.direction_faces = Some(Direction::South);
        l.year_built = Some(1999);
        l.decoration = Some(Decoration::Fine);
        l.elevator = Some(false);
        l.tenure.push_str("commodity");
        l.metro_distance = Some(118);
        l.tags.push_str("南北通透|学校近");
        l.public_remarks.push_str("周边有超市、菜市场和社区医院，生活方便。产权清晰，没有抵押，可以随时过户。阳台视野开阔，可以看到小区中心花园。房子保养得很好，家具家电都可以留下。车位充足，地面地下都可以停车。");
        l.photos.push_str(
            "L000000002/1.jpg|L000000002/2.jpg|L000000002/3.jpg|L000000002/4.jpg|L000000002/5.jpg",
        );
        l.photos_count = Some(5);
        write!(
            l.list_agent_id,
            "A{:05}",
            (i.wrapping_mul(2654435761) >> 5) % 10000
        )
        .unwrap();
        l.channel.push_str("wechat");
        l.on_market_timestamp = model::jiff::Timestamp::from_second(1739369653 + i as i64).ok();
        l.modification_timestamp = model::jiff::Timestamp::from_second(1749369653 + i as i64).ok();
        let w = ListingWrite {
            listing: &l,
            findings_json: "[]",
            frozen: false,
            hash: u64::from(i) * 7919 + salt as u64,
            input,
            line: u64::from(i) + 2,
            row: i,
        };
        let up = run.upsert_listing(&w).unwrap();
        counts[up.action as usize] += 1;
        if std::env::var_os("RECORD").is_some() {
            let line = format!(
                "{{\"listing_id\":\"L{i:09}\",\"listing_key\":\"{}\",\"action\":\"{}\",\"frozen\":false,\"verification\":\"unverified\",\"standard_status\":\"Active\",\"home_key\":\"{}\",\"findings\":[]}}",
                up.key,
                up.action.as_str(),
                up.home_key
            );
            run.record(&line).unwrap();
        }
    }
    if std::env::var_os("NULL").is_some() {
        return;
    }
    let t = std::time::Instant::now();
    let c = run.commit("{}", "done").unwrap();
    println!(
        "{counts:?} run {} touched {} commit {:?}",
        c.number,
        c.touched_listings(),
        t.elapsed()
    );
}
