//! Made-up files of many shapes, and the real ones where they are at hand.

use model::codes::AreaUnit;
use model::money::PriceScale;

use super::*;
use crate::synonyms;

fn table(headers: &str, rows: &[&str]) -> (Vec<String>, Vec<Record>) {
    let headers = headers
        .split(';')
        .map(|header| header.trim().to_owned())
        .collect();
    let records = rows
        .iter()
        .enumerate()
        .map(|(n, row)| Record::from_cells(n as u64 + 2, row.split(';').map(str::trim)))
        .collect();
    (headers, records)
}

fn read_with(headers: &str, rows: &[&str], wishes: &Wishes) -> Result<Understanding, Undecided> {
    let (headers, records) = table(headers, rows);
    understand(synonyms::listing(), &headers, true, &records, wishes)
}

fn read(headers: &str, rows: &[&str]) -> Understanding {
    read_with(headers, rows, &Wishes::default()).expect("understood")
}

fn names(found: &Understanding) -> Vec<String> {
    found
        .table()
        .into_iter()
        .take(found.columns.len())
        .map(|[_, field, ..]| field)
        .collect()
}

fn scale(found: &Understanding, field: &str) -> Option<PriceScale> {
    found.columns[found.column_of(field)?].unit.scale
}

#[test]
fn floors_may_stand_as_two_numbers() {
    let rows: Vec<String> = (1..9)
        .map(|n| format!("A{n};{n}/18;翠湖花园;{}.5", 80 + n))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let found = read("id;所在楼层;小区;建筑面积", &rows);
    assert_eq!(names(&found)[1], "floor");
}

#[test]
fn a_portal_export_in_chinese() {
    let found = read(
        "房源编号;小区名称;所在区域;总价(万);单价(元/平米);房屋户型;所在楼层;建筑面积;房屋朝向;装修情况;挂牌时间;梯户比例",
        &[
            "101100000001;晨曦花园;朝阳;520;58100;2室1厅1厨1卫;中楼层(共18层);89.5㎡;南 北;精装;2021-03-05;两梯四户",
            "101100000002;暮色里;海淀;300;50000;1室1厅1厨1卫;低楼层(共6层);60㎡;南;简装;2021-04-05;一梯两户",
            "101100000003;晨曦花园;朝阳;610;61000;3室1厅1厨1卫;高楼层(共18层);100㎡;东;其他;2021-05-05;暂无数据",
        ],
    );
    assert_eq!(
        names(&found),
        [
            "listing_id",
            "subdivision_name",
            "county_or_parish",
            "list_price",
            "unit_price",
            "layout",
            "floor",
            "building_area_total",
            "orientation",
            "decoration",
            "on_market_date",
            "lift_ratio"
        ]
    );
    assert_eq!(scale(&found, "list_price"), Some(PriceScale::TenThousand));
    assert_eq!(scale(&found, "unit_price"), Some(PriceScale::One));
    assert_eq!(found.fact("currency"), Some("CNY"));
}

#[test]
fn pinyin_headers() {
    let found = read(
        "bianhao;xiaoqu;huxing;mianji;zongjia;danjia;louceng;chaoxiang",
        &[
            "a1;晨曦花园;2室1厅;80;400;50000;中楼层(共18层);南",
            "a2;暮色里;1室1厅;60;300;50000;低楼层(共6层);北",
        ],
    );
    assert_eq!(
        names(&found),
        [
            "listing_id",
            "subdivision_name",
            "layout",
            "building_area_total",
            "list_price",
            "unit_price",
            "floor",
            "orientation"
        ]
    );
    assert_eq!(scale(&found, "list_price"), Some(PriceScale::TenThousand));
}

#[test]
fn one_header_has_several_meanings() {
    let places = read(
        "area;name;price",
        &[
            "朝阳;晨曦花园;520万",
            "海淀;暮色里;300万",
            "朝阳;晨曦花园;400万",
        ],
    );
    assert_eq!(
        names(&places),
        ["county_or_parish", "subdivision_name", "list_price"]
    );
    let metres = read(
        "area;name;price",
        &[
            "89.5;晨曦花园;520万",
            "60;暮色里;300万",
            "70;晨曦花园;400万",
        ],
    );
    assert_eq!(
        names(&metres),
        ["building_area_total", "subdivision_name", "list_price"]
    );
    let wider = read(
        "Region;District;style",
        &[
            "东城;灯市口;精装",
            "东城;东单;简装",
            "海淀;上地;毛坯",
            "海淀;西二旗;精装",
        ],
    );
    assert_eq!(
        names(&wider),
        ["county_or_parish", "mls_area_major", "decoration"]
    );
}

#[test]
fn headers_that_lie_and_shifted_parts() {
    let lie = read(
        "year;小区",
        &["2室1厅;晨曦花园", "3室2厅;暮色里", "1室1厅;东里"],
    );
    assert_eq!(names(&lie), ["layout", "subdivision_name"]);
    let shifted = read(
        ";flood;part1;part2;part3",
        &[
            "0;晨曦花园    -  果园;2室1厅 ; 2002年建 ; 板楼",
            "1;暮色里    -  东单;3室1厅 ; 板楼 ;",
            "2;东里    -  果园;1室1厅 ; 1998年建 ; 塔楼",
        ],
    );
    assert_eq!(
        names(&shifted),
        [
            "(skipped)",
            "subdivision_name - mls_area_major",
            "(by form)",
            "(by form)",
            "(by form)"
        ]
    );
}

#[test]
fn packed_cells() {
    let found = read(
        "标题;houseInfo;followInfo;location;totalPrice;unitPrice",
        &[
            "朝南两居 采光好 满五;2室1厅 | 63㎡ | 南 | 精装 | 中楼层(共7层) | 2002年建 | 板楼;27人关注 / 6天以前发布;昌平-北七家-晨曦花园;270;42,857元/平",
            "次新三居 看房方便的好房;3室1厅 | 100㎡ | 南 北 | 简装 | 6层 | 板楼;3人关注 / 1个月以前发布;朝阳-望京-暮色里;500;50,000元/平",
        ],
    );
    assert_eq!(
        names(&found),
        [
            "title",
            "(by form)",
            "(by form)",
            "county_or_parish - mls_area_major - subdivision_name",
            "list_price",
            "unit_price"
        ]
    );
    assert_eq!(scale(&found, "list_price"), Some(PriceScale::TenThousand));
    let old = read(
        "houseInfo;positionInfo",
        &[
            "晨曦花园 | 2室1厅 | 63㎡;中楼层(共7层)2002年建板楼 - 果园",
            "暮色里 | 1室1厅 | 40㎡;6层2001年建塔楼 - 东单",
        ],
    );
    assert_eq!(
        names(&old),
        [
            "(by form, and subdivision_name)",
            "(by form, and mls_area_major)"
        ]
    );
}

#[test]
fn western_files() {
    let redfin = read(
        "SALE TYPE;SOLD DATE;PROPERTY TYPE;ADDRESS;CITY;STATE OR PROVINCE;ZIP OR POSTAL CODE;PRICE;BEDS;BATHS;SQUARE FEET;LOT SIZE;YEAR BUILT;DAYS ON MARKET;$/SQUARE FEET;HOA/MONTH;STATUS;MLS#;LATITUDE;LONGITUDE",
        &[
            "MLS Listing;;Townhouse;1 Oak St;Seattle;WA;98101;650000;3;2.5;1500;2000;1999;12;433;200;Active;11111;47.6;-122.3",
            "MLS Listing;;Condo/Co-op;2 Elm St;Seattle;WA;98102;450000;2;1.0;900;;2005;3;500;350;Pending;22222;47.6;-122.3",
        ],
    );
    for field in [
        "unparsed_address",
        "city",
        "state_or_province",
        "postal_code",
        "list_price",
        "bedrooms_total",
        "bathrooms_total_integer",
        "living_area",
        "lot_size_area",
        "year_built",
        "days_on_market",
        "unit_price",
        "standard_status",
        "listing_id",
        "latitude",
        "longitude",
        "property_sub_type",
        "association_fee",
    ] {
        assert!(
            redfin.column_of(field).is_some(),
            "{field}: {:?}",
            names(&redfin)
        );
    }
    assert_eq!(redfin.fact("currency"), Some("USD"));
    let living = redfin.column_of("living_area").expect("living area");
    assert_eq!(redfin.columns[living].unit.area, Some(AreaUnit::SquareFeet));

    let portal = read(
        "url;address;price;bedrooms;bathrooms;property type;agent;added on;description",
        &[
            "https://example.co.uk/properties/86123456#/;12 High Street, Leeds;£350,000;3;1;Terraced;North & Co;13/02/2024;A fine home near the park.",
            "https://example.co.uk/properties/86123457#/;1 Mill Lane, Leeds;£450,000;4;2;Detached;North & Co;03/02/2024;Large garden and garage.",
        ],
    );
    assert_eq!(portal.fact("currency"), Some("GBP"));
    assert_eq!(portal.handling.id_from_url, Some(0));
    let date = portal.column_of("on_market_date").expect("date");
    assert_eq!(portal.columns[date].unit.order, Some(DateOrder::Dmy));
}

#[test]
fn rentals_and_deals() {
    let rent = read(
        "title;price;area;url",
        &[
            "整租·晨曦花园 2室1厅 南;4500;60㎡;https://tj.lianjia.com/zufang/101102178780.html",
            "合租·暮色里 3居室 北卧;1800;12㎡;https://tj.lianjia.com/zufang/101102178781.html",
        ],
    );
    assert_eq!(
        names(&rent),
        ["title", "lease_amount", "building_area_total", "url"]
    );
    assert_eq!(
        (rent.fact("business_line"), rent.fact("city")),
        (Some("rental"), Some("天津"))
    );
    assert_eq!(rent.handling.rent_mode_from_title, Some(0));
    let deal = read(
        "小区;成交价;单价;面积;sign_time;挂牌价",
        &[
            "晨曦花园;538;78851;68.23;2018.05.21;560",
            "暮色里;642;44745;143.48;2018.03.23;650",
        ],
    );
    assert_eq!(
        names(&deal),
        [
            "subdivision_name",
            "close_price",
            "unit_price",
            "building_area_total",
            "close_date",
            "list_price"
        ]
    );
    assert_eq!(deal.fact("standard_status"), Some("Closed"));
    assert_eq!(scale(&deal, "close_price"), Some(PriceScale::TenThousand));
}

#[test]
fn what_is_told_by_nothing_is_not_guessed() {
    let error = read_with("小区;价格", &["晨曦花园;5", "暮色里;6"], &Wishes::default())
        .expect_err("no unit");
    assert!(error.pass.contains("--unit list_price=万"), "{error}");
    let wishes = Wishes {
        units: vec![("list_price".into(), "万".into())],
        ..Wishes::default()
    };
    let found = read_with("小区;价格", &["晨曦花园;5", "暮色里;6"], &wishes).expect("told");
    assert_eq!(scale(&found, "list_price"), Some(PriceScale::TenThousand));
    let error = read_with(
        "url;sold date",
        &["x;3/4/2016", "y;1/2/2017"],
        &Wishes::default(),
    )
    .expect_err("no order");
    assert!(error.pass.contains("--date-order"), "{error}");
}

#[test]
fn wishes_win_and_wrong_ones_name_the_nearest() {
    let wishes = Wishes {
        map: vec![
            ("foo".into(), "list_price".into()),
            ("总价".into(), "skip".into()),
        ],
        ..Wishes::default()
    };
    let found = read_with("foo;总价", &["520万;1", "300万;2"], &wishes).expect("understood");
    assert_eq!(names(&found), ["list_price", "(skipped)"]);
    let wishes = Wishes {
        map: vec![("foo".into(), "list_pric".into())],
        ..Wishes::default()
    };
    let error = read_with("foo", &["1"], &wishes).expect_err("no such field");
    assert!(error.why.contains("list_price"), "{error}");
}

#[test]
fn our_own_and_unknown_columns() {
    let found = read(
        "总价;reject_id;reject_reason;物种;zongjiaa;index",
        &[
            "520万;R1;x;猫;1;0",
            "300万;R2;y;狗;1;1",
            "310万;R3;y;狗;2;2",
        ],
    );
    assert_eq!(
        names(&found),
        [
            "list_price",
            "(skipped)",
            "(skipped)",
            "(left over)",
            "(left over)",
            "(skipped)"
        ]
    );
    assert_eq!(found.columns[4].suggestion.as_deref(), Some("list_price"));
    assert_eq!(found.left_over, [3, 4]);
    let text = serde_json::to_string(&found).expect("json");
    assert_eq!(
        serde_json::from_str::<Understanding>(&text).expect("back"),
        found
    );
}

#[test]
fn generated_listings_map_whole() {
    let found = read(
        "listing_id;title;community;city;district;business_area;property_type;bedrooms;halls;kitchens;bathrooms;living_area;list_price;price_mode;floor;total_floors;orientation;year_built;decoration;has_elevator;ownership;metro_distance;tags;description;photos;agent_id;source_channel;listed_at;updated_at;status",
        &[
            "L1;晨曦花园 1室1厅 西 52平;晨曦花园;北京;顺义;顺义中心;apartment;1;1;1;1;51.73;4054000;total;2;6;西;1997;luxury;false;commodity;1658;采光好;楼下就是公交站，生活方便。;L1/1.jpg|L1/2.jpg;A1;hotline;2025-09-26 16:44:56;2025-11-06 09:35:46;active",
            "L2;暮色里 4室2厅 东 127平;暮色里;重庆;九龙坡;九龙坡新城;villa;4;2;1;2;126.95;3000;rent_month;7;11;东;1995;fine;true;reform;663;南北通透|学校近;周边有超市。;L2/1.jpg;A2;walk_in;2025-03-23 19:44:16;2025-03-23 19:44:16;sold",
        ],
    );
    assert_eq!(
        names(&found),
        [
            "listing_id",
            "title",
            "subdivision_name",
            "city",
            "county_or_parish",
            "mls_area_major",
            "property_sub_type",
            "bedrooms_total",
            "living_rooms",
            "kitchens",
            "bathrooms_total_integer",
            "living_area",
            "list_price",
            "price_basis",
            "entry_level",
            "stories_total",
            "orientation",
            "year_built",
            "decoration",
            "elevator",
            "tenure",
            "metro_distance",
            "tags",
            "public_remarks",
            "photos",
            "list_agent_id",
            "channel",
            "on_market_timestamp",
            "modification_timestamp",
            "standard_status"
        ]
    );
    assert_eq!(found.handling.price_basis, Some(13));
    assert_eq!(scale(&found, "list_price"), Some(PriceScale::One));
}

#[test]
fn values_alone_where_there_is_no_header() {
    let (headers, records) = table(
        "column 1;column 2;column 3",
        &[
            "2室1厅;89.5㎡;南 北",
            "3室1厅;99.5㎡;南",
            "1室1厅;49.5㎡;东",
        ],
    );
    let found = understand(
        synonyms::listing(),
        &headers,
        false,
        &records,
        &Wishes::default(),
    )
    .expect("understood");
    assert_eq!(
        names(&found),
        ["layout", "building_area_total", "orientation"]
    );
}

#[test]
fn an_id_may_count_from_one_where_its_header_says_id() {
    let rows: Vec<String> = (1..=8)
        .map(|n| format!("{n};晨曦花园{n};520万;{n}"))
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    for header in ["房源编号", "id", "ID", "listing_id", "MLS #", "编号"] {
        let found = read(&format!("{header};小区;总价;index"), &rows);
        assert_eq!(
            names(&found),
            ["listing_id", "subdivision_name", "list_price", "(skipped)"],
            "{header}"
        );
        // as it reads without its first row
        assert_eq!(
            names(&read(&format!("{header};小区;总价;index"), &rows[1..]))[0],
            "listing_id",
            "{header}"
        );
    }
    for header in [
        "",
        "Unnamed: 0",
        "序号",
        "No.",
        "index",
        "#",
        "column 1",
        "whatever",
    ] {
        let found = read(&format!("{header};小区;总价;房源编号"), &rows);
        assert_eq!(
            names(&found),
            ["(skipped)", "subdivision_name", "list_price", "listing_id"],
            "{header}"
        );
    }
}

#[test]
fn a_running_id_gives_way_to_a_better_one() {
    let rows: Vec<String> = (1..=8)
        .map(|n| {
            format!(
                "{n};1011{n}0{n};晨曦花园;520万;https://bj.lianjia.com/ershoufang/1011{n}0{n}.html"
            )
        })
        .collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let found = read("id;房源编号;小区;总价;url", &rows);
    assert_eq!(names(&found)[..2], ["(skipped)", "listing_id"]);
    // with and without the first row, so that a home keeps its key
    for rows in [&rows[..], &rows[1..]] {
        let found = read("id;whatever;小区;总价;url", rows);
        assert_eq!(names(&found)[0], "(skipped)");
        assert_eq!(found.handling.id_from_url, Some(4));
    }
    let found = read("房源编号;whatever;小区;总价;url", &rows);
    assert_eq!(names(&found)[0], "listing_id");
    assert_eq!(found.handling.id_from_url, None);
}

#[test]
fn broken_cells_do_not_throw_a_column_out_of_a_small_file() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("area", "building_area_total", &["NaN", "80"]),
        ("area", "building_area_total", &["abc", "80"]),
        ("area", "building_area_total", &["NaN", "#REF!", "80"]),
        ("面积", "building_area_total", &["abc", "x", "?", "80㎡"]),
        ("面积", "building_area_total", &["2室1厅", "90㎡", "80㎡"]),
        ("price", "list_price", &["abc", "待查", "400万"]),
        ("price", "list_price", &["80㎡", "400万", "500万"]),
        ("price", "list_price", &["2室1厅", "400万"]),
        ("单价", "unit_price", &["-5", "50000元/平"]),
        ("rent", "lease_amount", &["-5", "-5", "4000"]),
        ("bedrooms", "bedrooms_total", &["abc", "def", "2"]),
        ("year_built", "year_built", &["abc", "def", "1999"]),
        ("朝向", "orientation", &["abc", "def", "南"]),
        ("挂牌时间", "on_market_date", &["abc", "def", "2021-03-05"]),
        ("小区", "subdivision_name", &["NaN", "NaN", "晨曦花园"]),
        (
            "price",
            "list_price",
            &["400万", "500万", "x", "y", "300万", "280万"],
        ),
    ];
    for (header, field, cells) in cases {
        let rows: Vec<String> = cells
            .iter()
            .enumerate()
            .map(|(n, cell)| format!("A{n};{cell}"))
            .collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let found = read(&format!("房源编号;{header}"), &rows);
        assert_eq!(names(&found), ["listing_id", *field], "{header} {cells:?}");
    }
}

#[test]
fn headers_that_lie_lie_in_small_files_too() {
    for (header, field, cells) in [
        ("price", "layout", ["2室1厅", "3室2厅", "1室1厅"]),
        ("area", "county_or_parish", ["朝阳", "海淀", "80"]),
        ("price", "(left over)", ["朝阳", "海淀", "80"]),
        ("bedrooms", "(left over)", ["80㎡", "90㎡", "2"]),
    ] {
        let rows = cells.map(|cell| format!("A;{cell}"));
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let found = read(&format!("房源编号;{header}"), &rows);
        assert_eq!(names(&found)[1], field, "{header} {cells:?}");
    }
    // rows shift where several columns hold what is not theirs
    let found = read(
        "房源编号;朝向;楼层;面积",
        &[
            "A1;南;低楼层(共6层);80㎡",
            "A2;北;高楼层(共6层);90㎡",
            "A3;低楼层(共6层);90㎡;",
        ],
    );
    assert_eq!(names(&found)[1..3], ["(by form)", "(by form)"]);
}

#[test]
fn what_a_known_header_leaves_over_is_told() {
    let found = read(
        "房源编号;bedrooms;总价;物种",
        &["A1;x;520万;猫", "A2;y;300万;狗", "A3;z;310万;狗"],
    );
    assert_eq!(names(&found)[1], "(left over)");
    let told: Vec<&Note> = found
        .notes
        .iter()
        .filter(|note| note.message.contains("left over"))
        .collect();
    let [note] = told[..] else {
        panic!("{:?}", found.notes)
    };
    assert_eq!(note.code, "X131");
    assert!(note.message.contains("`--map bedrooms=bedrooms_total`"));
    assert!(note.zh.contains("bedrooms"));
    let twice = read(
        "房源编号;listing id;总价",
        &["A1;B1;520万", "A2;B2;300万", "A3;B3;310万"],
    );
    let told = |note: &&Note| note.code == "X133";
    assert_eq!(twice.notes.iter().filter(told).count(), 1);
}

#[test]
fn a_table_of_media_is_understood_by_its_headers() {
    let read = |headers: &str, rows: &[&str]| -> Vec<String> {
        let (headers, sample) = table(headers, rows);
        let wishes = Wishes::default();
        let found = understand(synonyms::media(), &headers, true, &sample, &wishes).unwrap();
        let fields = found.table().into_iter().map(|[_, field, ..]| field);
        fields.collect()
    };
    let found = read(
        "房源编号;图片地址;类型;房间;分辨率;时长;哈希;水印;效果图;怪",
        &["A1;https://img.example.com/1.jpg;照片;客厅;1920x1080;;ab12;无;否;x"],
    );
    let wanted = [
        "listing_id",
        "url",
        "kind",
        "room",
        "pixels",
        "seconds",
        "content_hash",
        "watermark",
        "rendering",
        "(left over)",
    ];
    assert_eq!(found, wanted);
    // `类型` alone may tell what a photo shows, one key may stand many times, and a bad cell is its row's fault.
    let found = read(
        "listing_key;URL;类型;ImageWidth;ImageHeight",
        &[
            "Laaaaaaaaaaaaaaaa;1.jpg;客厅;wide;720",
            "Laaaaaaaaaaaaaaaa;2.jpg;主卧;wide;720",
        ],
    );
    assert_eq!(found, ["listing_id", "url", "room", "width", "height"]);
}

#[test]
fn rosters_have_headers_of_their_own() {
    let roster = |headers: &str, rows: &[&str]| {
        let (headers, records) = table(headers, rows);
        let wishes = Wishes::default();
        let found = understand(synonyms::member(), &headers, true, &records, &wishes);
        names(&found.expect("understood"))
    };
    assert_eq!(
        roster(
            "工号;姓名;所属门店;大区;职务;信息卡号;有效期;手机号;暗号",
            &[
                "8001;李明;望京店;北区;经纪人;BJ0031;2027-03-31;13800138001;x",
                "8002;王芳;望京店;北区;店经理;BJ0032;2028-03-31;13800138002;y",
            ],
        ),
        [
            "member_id",
            "member_full_name",
            "office_name",
            "region",
            "role",
            "licence",
            "licence_expires",
            "member_mobile_phone",
            "(left over)",
        ]
    );
    // The id of a member may come again, row after row: one for each deal.
    assert_eq!(
        roster(
            "Agent ID;Agent Name;Branch;License Number;Expiration Date;Status",
            &[
                "A1;Ann Lee;North;RE-1;2027-03-31;active",
                "A1;Ann Lee;North;RE-1;2027-03-31;active",
                "A1;Ann Lee;North;RE-1;2027-03-31;active",
                "A1;Ann Lee;North;RE-1;2027-03-31;active",
                "A2;Bo Chan;North;RE-2;2027-05-31;inactive",
            ],
        ),
        [
            "member_id",
            "member_full_name",
            "office_name",
            "licence",
            "licence_expires",
            "member_status",
        ]
    );
}
