//! `listing-import --media` through its binary: tables of photos, videos and plans, joined to their listings.
#![allow(clippy::unwrap_used)]

use serde_json::Value;
use testkit::{Place, Ran};

const HOMES: &str = "房源编号,标题,小区,城市,区县,户型,建筑面积,总价(万),所在楼层\n\
    A1,翠湖花园 3室2厅,翠湖花园,北京,朝阳,3室2厅,128.5,965,中楼层(共18层)\n\
    A2,翠湖花园 2室1厅,翠湖花园,北京,朝阳,2室1厅,88.5,700,中楼层(共18层)\n\
    A3,翠湖花园 2室1厅,翠湖花园,北京,朝阳,2室1厅,89,710,低楼层(共18层)\n";

/// A place whose store has three homes.
fn place() -> Place {
    let place = Place::new();
    place.write("homes.csv", HOMES);
    place.run("listing-import", &["homes.csv"]).ok();
    place
}

fn media(place: &Place, args: &[&str]) -> (Ran, Value) {
    let all = [args, &["--summary", "s.json"]].concat();
    let ran = place.run("listing-import", &all).ok();
    let summary = serde_json::from_str(&place.read("s.json")).expect("the summary is JSON");
    (ran, summary)
}

fn counts(summary: &Value) -> [u64; 4] {
    ["media", "media_new", "media_changed", "media_rejected"]
        .map(|name| summary[name].as_u64().expect("a count"))
}

/// Media of a listing as `store-admin show` tells them.
fn shown(place: &Place, id: &str) -> Value {
    let ran = place.run("store-admin", &["show", id]).ok();
    ran.records()[0]["media"].clone()
}

#[test]
fn chinese_and_english_headers_say_the_same() {
    let place = place();
    place.write(
        "cn.csv",
        "房源编号,图片地址,类型,房间,分辨率,时长,哈希,水印,效果图\n\
         A1,https://img.example.com/1.jpg,照片,客厅,1920x1080,,AB12,无,否\n\
         A1,https://img.example.com/v.mp4,视频,,1280×720,1分30秒,,,\n\
         A2,https://img.example.com/p.png,户型图,,800x600,,,,\n",
    );
    let (_, summary) = media(&place, &["--media", "cn.csv"]);
    assert_eq!(counts(&summary), [3, 3, 0, 0]);
    assert_eq!(
        (summary["read"].as_u64(), summary["new"].as_u64()),
        (Some(0), Some(0))
    );
    let all = shown(&place, "A1");
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(all[0]["room"], "客厅");
    assert_eq!(
        (all[0]["width"].as_u64(), all[0]["height"].as_u64()),
        (Some(1920), Some(1080))
    );
    assert_eq!(
        (&all[0]["watermark"], &all[0]["rendering"]),
        (&"no".into(), &false.into())
    );
    assert_eq!(all[0]["content_hash"], "ab12");
    assert_eq!(
        (&all[1]["kind"], &all[1]["seconds"]),
        (&"video".into(), &"90".into())
    );
    assert_eq!(shown(&place, "A2")[0]["kind"], "plan");
    let listed = place
        .run("listing-import", &["list", "media_count >= 2"])
        .ok();
    assert_eq!(listed.records().len(), 1);
    let counted = ["list", "--columns", "listing_id,media_count"];
    let counted = place.run("listing-import", &counted).ok().records();
    let two = serde_json::json!({"listing_id": "A1", "media_count": 2});
    assert!(counted.contains(&two), "{counted:?}");

    place.write(
        "en.csv",
        "listing_id,url,room,kind,seconds,width,height,content_hash,watermark,rendering\n\
         A1,https://img.example.com/1.jpg,客厅,photo,,1920,1080,ab12,no,false\n\
         A1,https://img.example.com/v.mp4,,video,90,1280,720,,,\n\
         A2,https://img.example.com/p.png,,plan,,800,600,,,\n",
    );
    let (_, summary) = media(&place, &["--media", "en.csv"]);
    assert_eq!(counts(&summary), [3, 0, 0, 0]);
}

#[test]
fn the_same_file_again_changes_nothing_and_undo_takes_it_back() {
    let place = place();
    place.write(
        "m.csv",
        "listing_id,url,room,width\nA1,1.jpg,客厅,800\nA1,2.jpg,主卧,800\n",
    );
    let (_, summary) = media(&place, &["--media", "m.csv"]);
    assert_eq!(counts(&summary), [2, 2, 0, 0]);
    let before = shown(&place, "A1");
    let (ran, summary) = media(&place, &["--media", "m.csv"]);
    assert_eq!(counts(&summary), [2, 0, 0, 0]);
    assert_eq!(ran.stdout, "");

    // A row for a known address changes it; what the file has no column for stays.
    place.write(
        "n.csv",
        "listing_id,url,width,watermark\nA1,1.jpg,,外站\nA1,3.jpg,900,\nA1,1.jpg,1600,外站\n",
    );
    let (_, summary) = media(&place, &["--media", "n.csv"]);
    assert_eq!(counts(&summary), [3, 1, 1, 0]);
    let changed = shown(&place, "A1");
    assert_eq!(changed[0]["room"], "客厅");
    assert_eq!(changed[0]["width"], 1600);
    assert_eq!(changed[0]["watermark"], "外站");
    let run = summary["run"].to_string();
    place
        .run("store-admin", &["undo", &run, "--yes", "--reason", "test"])
        .ok();
    assert_eq!(shown(&place, "A1"), before);

    // Two rows that end where the store is change nothing.
    place.write(
        "o.csv",
        "listing_id,url,width\nA1,1.jpg,700\nA1,1.jpg,800\n",
    );
    let (_, summary) = media(&place, &["--media", "o.csv"]);
    assert_eq!(counts(&summary), [2, 0, 0, 0]);
}

#[test]
fn a_row_may_take_a_medium_away() {
    let place = place();
    place.write("m.csv", "listing_id,url\nA1,1.jpg\nA1,2.jpg\n");
    media(&place, &["--media", "m.csv"]);
    place.write("n.csv", "listing_id,url,已删除\nA1,1.jpg,是\n");
    let (_, summary) = media(&place, &["--media", "n.csv"]);
    assert_eq!(counts(&summary), [1, 0, 1, 0]);
    assert_eq!(shown(&place, "A1").as_array().unwrap().len(), 1);
    let (_, summary) = media(&place, &["--media", "m.csv"]);
    assert_eq!(counts(&summary), [2, 0, 1, 0]);
    assert_eq!(shown(&place, "A1").as_array().unwrap().len(), 2);
}

#[test]
fn media_of_unknown_homes_are_refused_row_by_row() {
    let place = place();
    place.write(
        "m.csv",
        "listing_id,url\nA1,1.jpg\nZ9,2.jpg\n,3.jpg\nA2,\nZ8,4.jpg\n",
    );
    let (ran, summary) = media(&place, &["--media", "m.csv", "--rejects", "bad.csv"]);
    assert_eq!(counts(&summary), [5, 1, 0, 4]);
    let records = ran.records();
    let told: Vec<(u64, &str)> = records
        .iter()
        .map(|record| {
            assert_eq!(record["action"], "rejected");
            let code = record["findings"][0]["code"].as_str().unwrap();
            (record["line"].as_u64().unwrap(), code)
        })
        .collect();
    assert_eq!(told, [(3, "X151"), (4, "X153"), (5, "X153"), (6, "X151")]);
    let ledger = place
        .run("store-admin", &["rejects", &summary["run"].to_string()])
        .ok();
    assert_eq!(ledger.records().len(), 4);

    // Mended and fed again as it is.
    let mended = place.read("bad.csv").replace("Z9", "A3");
    place.write("bad.csv", mended);
    let (_, summary) = media(&place, &["--media", "bad.csv"]);
    assert_eq!(counts(&summary), [4, 1, 0, 3]);
    assert_eq!(summary["mended"], 1);
    let most = ["--media", "m.csv", "--max-rejects", "10%"];
    place.run("listing-import", &most).code(3);
    let rule = place.run("listing-import", &["rules", "X151"]).ok();
    assert!(rule.stdout.contains("import the listings first"));
}

#[test]
fn a_bad_cell_refuses_its_row() {
    let place = place();
    place.write(
        "m.csv",
        "listing_id,url,分辨率,kind,seconds\nA1,1.jpg,1920x1080,,\nA1,2.jpg,大图,,\nA1,3.jpg,0x0,,\nA1,4.jpg,,hologram,\nA1,5.mp4,,,soon\n",
    );
    let (ran, summary) = media(&place, &["--media", "m.csv"]);
    assert_eq!(counts(&summary), [5, 1, 0, 4]);
    let records = ran.records();
    let told: Vec<(&str, &str)> = records
        .iter()
        .map(|record| {
            let finding = &record["findings"][0];
            (
                finding["code"].as_str().unwrap(),
                finding["field"].as_str().unwrap(),
            )
        })
        .collect();
    let wanted = [
        ("X120", "width"),
        ("X123", "width"),
        ("X124", "kind"),
        ("X120", "seconds"),
    ];
    assert_eq!(told, wanted);
}

#[test]
fn listings_come_before_their_media() {
    let place = Place::new();
    place.write("homes.csv", HOMES);
    place.write("m.csv", "listing_id,url\nA1,1.jpg\nA2,2.jpg\n");
    let (_, summary) = media(&place, &["--media", "m.csv"]);
    assert_eq!(counts(&summary), [2, 0, 0, 2]);
    let (ran, summary) = media(&place, &["--media", "m.csv", "homes.csv"]);
    assert_eq!(counts(&summary), [2, 2, 0, 0]);
    assert_eq!(
        (summary["read"].as_u64(), summary["new"].as_u64()),
        (Some(3), Some(3))
    );
    assert_eq!(ran.records().len(), 3);
}

#[test]
fn a_listing_is_found_by_key_by_its_system_or_by_an_id_of_one() {
    let place = place();
    let others = HOMES.lines().take(2).collect::<Vec<_>>().join("\n");
    place.write("other.csv", others);
    place
        .run("listing-import", &["other.csv", "--source", "portal"])
        .ok();
    let listed = place
        .run(
            "listing-import",
            &["list", "originating_system_name = portal"],
        )
        .ok();
    let key = listed.records()[0]["listing_key"]
        .as_str()
        .unwrap()
        .to_owned();
    place.write(
        "m.csv",
        format!("listing_id,url\n{key},1.jpg\nA1,2.jpg\nA2,3.jpg\n"),
    );
    // A1 is of two systems, A2 of one.
    let (ran, summary) = media(&place, &["--media", "m.csv", "--source", "elsewhere"]);
    assert_eq!(counts(&summary), [3, 2, 0, 1]);
    assert_eq!(ran.records()[0]["findings"][0]["code"], "X152");
    let (_, summary) = media(&place, &["--media", "m.csv", "--source", "portal"]);
    assert_eq!(counts(&summary), [3, 1, 0, 0]);
}

#[test]
fn a_table_without_what_it_needs_is_refused() {
    let place = place();
    place.write("m.csv", "listing_id,房间\nA1,客厅\n");
    let run = place.run("listing-import", &["--media", "m.csv"]).code(1);
    run.says("--map HEADER=url");
    place.write("n.csv", "wo,was\nA1,1.jpg\n");
    let arguments = [
        "--media",
        "n.csv",
        "--map",
        "wo=listing_id",
        "--map",
        "was=url",
    ];
    let (_, summary) = media(&place, &arguments);
    assert_eq!(counts(&summary), [1, 1, 0, 0]);
    place
        .run("listing-import", &["--media", "absent.csv"])
        .code(1);
    place
        .run("listing-import", &["--media", "m.csv", "-o", "m.csv"])
        .code(2);
    let planned = ["--media", "n.csv", "--plan", "p.ndjson"];
    place.run("listing-import", &planned).code(2);
    let mapping = place
        .run("listing-import", &["--media", "n.csv", "--show-mapping"])
        .ok();
    assert_eq!(mapping.records().len(), 2);
}

#[test]
fn a_listings_own_row_tells_of_its_media() {
    let place = Place::new();
    let row = |photos: &str, video: &str| {
        format!(
            "{{\"listing_id\":\"J1\",\"title\":\"翠湖 2室1厅\",\"subdivision_name\":\"翠湖\",\"city\":\"北京\",\"bedrooms_total\":2,\
             \"building_area_total\":80,\"list_price\":4000000,\"entry_level\":3,\"photos\":{photos},\"video\":{video}}}\n"
        )
    };
    place.write(
        "a.ndjson",
        row(
            r#"[{"url":"1.jpg","room":"客厅","width":1920,"height":1080},{"url":"2.jpg","room":"主卧"}]"#,
            r#"[{"url":"v.mp4","seconds":45}]"#,
        ),
    );
    let (_, summary) = media(&place, &["a.ndjson"]);
    assert_eq!(counts(&summary), [3, 3, 0, 0]);
    let listed = place.run("listing-import", &["list"]).ok().records();
    assert_eq!(listed[0]["photos"], serde_json::json!(["1.jpg", "2.jpg"]));
    let (_, summary) = media(&place, &["a.ndjson"]);
    assert_eq!(counts(&summary), [3, 0, 0, 0]);
    assert_eq!(summary["unchanged"], 1);

    // What the row no longer tells is gone; what a table tells stays.
    place.write("m.csv", "listing_id,url\nJ1,x.jpg\n");
    media(&place, &["--media", "m.csv"]);
    place.write(
        "b.ndjson",
        row(r#"[{"url":"2.jpg","room":"次卧","width":"wide"}]"#, "null"),
    );
    let (ran, summary) = media(&place, &["b.ndjson"]);
    assert_eq!(counts(&summary), [1, 0, 3, 0]);
    assert_eq!(ran.records()[0]["action"], "changed");
    assert_eq!(ran.records()[0]["findings"][0]["effect"], "warn");
    let media = shown(&place, "J1");
    let left: Vec<&str> = media
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["url"].as_str().unwrap())
        .collect();
    assert_eq!(left, ["2.jpg", "x.jpg"]);
}

/// Codes of the findings that the stored listing has, row and stock together.
fn found(place: &Place, id: &str) -> Vec<String> {
    let shown = place.run("store-admin", &["show", id]).ok().records();
    let findings = shown[0]["findings"].as_array().into_iter().flatten();
    let codes = findings.filter_map(|finding| Some(finding["code"].as_str()?.to_owned()));
    codes.filter(|code| code.starts_with("L73")).collect()
}

fn frozen(place: &Place, id: &str) -> bool {
    let asked = format!("listing_id = {id} and frozen = true");
    place
        .run("listing-import", &["list", &asked])
        .ok()
        .records()
        .len()
        == 1
}

#[test]
fn media_freeze_their_listing_until_they_are_mended() {
    let place = place();
    place.write(
        "m.csv",
        "listing_id,url,kind,room,size,seconds,watermark,rendering\n\
         A1,1.jpg,photo,客厅,1920x1080,,no,no\n\
         A1,2.jpg,photo,主卧,640x480,,no,no\n\
         A1,3.jpg,photo,卫生间,1920x1080,,外站,no\n\
         A1,v.mp4,video,,,12,,\n\
         A2,4.jpg,效果图,客厅,,,,\n\
         A2,p.png,户型图,,,,,\n",
    );
    let (ran, summary) = media(&place, &["--media", "m.csv"]);
    assert_eq!(counts(&summary), [6, 6, 0, 0]);
    assert_eq!(found(&place, "A1"), ["L731", "L732", "L733", "L734"]);
    assert_eq!(found(&place, "A2"), ["L735", "L736"]);
    assert_eq!(found(&place, "A3"), Vec::<String>::new());
    assert!(frozen(&place, "A1") && frozen(&place, "A2") && !frozen(&place, "A3"));
    assert!(!ran.stderr.contains("no evidence"), "{}", ran.stderr);
    let told = ran.records();
    assert_eq!(told.len(), 2);
    assert_eq!(
        (&told[0]["action"], &told[0]["frozen"]),
        (&"changed".into(), &true.into())
    );
    assert_eq!(summary["frozen"], 2);
    let run = summary["run"].to_string();
    let replayed = place.run("listing-import", &["--replay", &run]).ok();
    assert_eq!(replayed.records(), told);

    // The listings again, as they were: what their media are stays known.
    let again = place.run("listing-import", &["homes.csv"]).ok().records();
    assert_eq!(
        (&again[0]["action"], &again[0]["frozen"]),
        (&"unchanged".into(), &true.into())
    );
    let findings = again[0]["findings"].to_string();
    assert!(
        findings.contains("L734") && findings.contains("外站"),
        "{findings}"
    );

    place.write(
        "n.csv",
        "listing_id,url,kind,room,size,seconds,watermark,已删除\n\
         A1,2.jpg,photo,主卧,1920x1080,,no,\n\
         A1,3.jpg,photo,卫生间,1920x1080,,no,\n\
         A1,4.jpg,photo,厨房,1920x1080,,no,\n\
         A1,v.mp4,video,,,45,,\n\
         A2,4.jpg,照片,客厅,,,,\n",
    );
    let (_, summary) = media(&place, &["--media", "n.csv"]);
    assert_eq!(counts(&summary), [5, 1, 4, 0]);
    assert_eq!(found(&place, "A1"), Vec::<String>::new());
    assert_eq!(found(&place, "A2"), ["L731"]);
    assert!(!frozen(&place, "A1") && !frozen(&place, "A2"));
    let run = summary["run"].to_string();
    place
        .run("store-admin", &["undo", &run, "--yes", "--reason", "test"])
        .ok();
    assert!(frozen(&place, "A1") && frozen(&place, "A2"));
    assert_eq!(found(&place, "A1"), ["L731", "L732", "L733", "L734"]);
}

#[test]
fn numbers_and_own_marks_are_the_configs() {
    let place = place();
    place.write(
        "m.csv",
        "listing_id,url,size,watermark\nA1,1.jpg,800x600,我家\n",
    );
    let config = "[listing-import]\nphoto_pixels_min = \"640x480\"\nwatermarks_own = [\"我家\"]\n";
    place.write("brokerkit.toml", config);
    let (ran, _) = media(&place, &["--media", "m.csv"]);
    assert_eq!(found(&place, "A1"), Vec::<String>::new());
    assert!(ran.stderr.contains("no evidence"), "{}", ran.stderr);
    place.write("brokerkit.toml", "");
    place.run("listing-import", &["check", "--stock"]).ok();
    assert_eq!(found(&place, "A1"), ["L733", "L734"]);
    place.write(
        "brokerkit.toml",
        "[listing-import]\nphoto_pixels_min = \"large\"\n",
    );
    let run = place.run("listing-import", &["--media", "m.csv"]).code(2);
    run.says("1280x720");
}

#[test]
fn flaws_of_a_layout_are_told_with_advice() {
    let place = Place::new();
    place.write(
        "a.csv",
        "id,city,小区,户型,建筑面积,总价(万),所在楼层,标题,房源描述\n\
         1,北京,翠湖,2室1厅,80,400,3/6,翠湖 2室1厅,两居室，暗卫，厨房没有窗。\n\
         2,北京,翠湖,2室1厅,80,410,3/6,翠湖 2室1厅,明厨明卫，没有暗厅，有穿堂风。\n",
    );
    let records = place.run("listing-import", &["a.csv"]).ok().records();
    let finding = records[0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["code"] == "L409");
    let message = finding.unwrap()["message"].as_str().unwrap();
    assert!(
        message.contains("暗卫：写明排风方式") && message.contains("暗厨："),
        "{message}"
    );
    assert_eq!(records[0]["frozen"], false);
    assert!(!records[1]["findings"].to_string().contains("L409"));
}

#[test]
fn any_table_is_read_or_refused_with_its_reason() {
    let place = place();
    // In GBK, with a row too short and one whose bytes are no text; and no table at all.
    let mut bytes = b"listing_id,url,room\nA1,1.jpg,".to_vec();
    bytes.extend([0xBF, 0xCD, 0xCC, 0xFC]);
    bytes.extend(b"\nA2\nA3,3.jpg,kitchen\n");
    place.write("gbk.csv", bytes);
    let (ran, summary) = media(&place, &["--media", "gbk.csv", "--encoding", "gb18030"]);
    assert_eq!(counts(&summary), [3, 2, 0, 1]);
    assert_eq!(ran.records()[0]["findings"][0]["code"], "X101");
    assert_eq!(shown(&place, "A1")[0]["room"], "客厅");
    for (name, bytes) in [("empty.csv", &b""[..]), ("bare.csv", b"listing_id,url\n")] {
        place.write(name, bytes);
        let (_, summary) = media(&place, &["--media", name]);
        assert_eq!(counts(&summary), [0; 4], "{name}");
    }
    for bytes in [
        &b"\x00\xff\xfe\x01"[..],
        b"{\"listing_id\":",
        b"PK\x03\x04nothing",
    ] {
        place.write("odd", bytes);
        let ran = place.run("listing-import", &["--media", "odd"]);
        assert!([0, 1].contains(&ran.code), "{}", ran.stderr);
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    }
    let two = ["-", "--media", "-"];
    place.run("listing-import", &two).code(2).says("twice");
    let json = "{\"listing_id\":\"A2\",\"url\":\"v.mp4\",\"seconds\":45}\n";
    let arguments = ["--media", "-", "--summary", "s.json"];
    place.feed("listing-import", &arguments, json).ok();
    assert_eq!(shown(&place, "A2")[0]["seconds"], "45");
}
