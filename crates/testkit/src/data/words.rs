//! The vocabulary of the made-up listings. No community, street or agent in it is meant to be a real one.

/// City, price level in yuan per square metre, districts.
pub(super) const CITIES: &[(&str, u32, &[&str])] = &[
    (
        "上海",
        62_000,
        &["浦东", "徐汇", "静安", "黄浦", "闵行", "杨浦", "长宁"],
    ),
    (
        "北京",
        60_000,
        &["朝阳", "海淀", "西城", "东城", "丰台", "通州", "昌平"],
    ),
    ("深圳", 58_000, &["南山", "福田", "罗湖", "宝安", "龙岗"]),
    ("广州", 35_000, &["天河", "越秀", "海珠", "番禺", "白云"]),
    ("杭州", 33_000, &["西湖", "上城", "拱墅", "滨江", "余杭"]),
    ("南京", 29_000, &["鼓楼", "玄武", "建邺", "江宁"]),
    ("成都", 17_500, &["锦江", "青羊", "武侯", "成华", "双流"]),
    ("武汉", 16_000, &["武昌", "江汉", "洪山", "汉阳"]),
];
pub(super) const AREA_WORDS: &[&str] = &[
    "新城", "老街", "中心", "公园", "江湾", "北站", "湖畔", "东门", "西桥",
];
pub(super) const COMMUNITY_HEADS: &[&str] = &[
    "阳光", "翠湖", "金色", "紫荆", "碧水", "云山", "锦绣", "江南", "天鹅", "梧桐", "银杏", "东方",
    "海棠", "枫林", "春晓", "星河", "景泰", "永和", "松鹤", "青竹", "白鹭", "听涛",
];
pub(super) const COMMUNITY_TAILS: &[&str] = &[
    "花园", "家园", "小区", "公寓", "名苑", "雅居", "华庭", "新村", "里", "湾", "府",
];
pub(super) const PHASES: &[&str] = &["一期", "二期", "三期"];
pub(super) const PROPERTY_TYPES: &[(&str, u32)] = &[
    ("apartment", 82),
    ("loft", 6),
    ("villa", 4),
    ("townhouse", 4),
    ("commercial", 2),
    ("office", 2),
];
pub(super) const BEDROOMS: &[(u32, u32)] = &[(1, 14), (2, 38), (3, 34), (4, 11), (5, 3)];
pub(super) const PRICE_MODES: &[(&str, u32)] = &[("total", 74), ("unit", 8), ("rent_month", 18)];
pub(super) const FLOORS: &[(u32, u32)] = &[(6, 24), (7, 8), (11, 16), (18, 22), (26, 16), (33, 14)];
pub(super) const ORIENTATIONS: &[(&str, u32)] = &[
    ("南", 34),
    ("南北", 28),
    ("东南", 12),
    ("西南", 8),
    ("东", 6),
    ("西", 5),
    ("北", 4),
    ("东西", 3),
];
pub(super) const DECORATIONS: &[(&str, u32)] = &[
    ("fine", 45),
    ("simple", 27),
    ("rough", 12),
    ("luxury", 10),
    ("unknown", 6),
];
pub(super) const OWNERSHIPS: &[(&str, u32)] = &[
    ("commodity", 84),
    ("reform", 8),
    ("affordable", 5),
    ("cooperative", 3),
];
pub(super) const STATUSES: &[(&str, u32)] = &[
    ("active", 62),
    ("pending", 8),
    ("sold", 18),
    ("withdrawn", 9),
    ("draft", 3),
];
pub(super) const CHANNELS: &[&str] = &[
    "app", "website", "wechat", "portal_a", "portal_b", "hotline", "walk_in",
];
pub(super) const TAGS: &[&str] = &[
    "近地铁",
    "满五唯一",
    "随时看房",
    "南北通透",
    "带车位",
    "电梯房",
    "采光好",
    "业主自住",
    "拎包入住",
    "带露台",
    "税费少",
    "首次出售",
];
/// What an agent writes; none of it a phrase that the advertising rules forbid, none of it about a
/// direction, a floor or a distance that a column could contradict.
pub(super) const SENTENCES: &[&str] = &[
    "户型方正，通风良好。",
    "小区有门禁，夜里有人值班。",
    "业主诚心出售，价格可以面谈。",
    "厨房和卫生间都有窗户。",
    "主卧带独立卫生间和衣帽间。",
    "周边有超市、菜市场和社区医院，生活方便。",
    "产权清晰，没有抵押。",
    "房子保养得很好，家具家电都可以留下。",
    "地面地下都可以停车。",
    "楼道干净，邻居多为自住。",
    "看房请提前一天预约，钥匙在门店。",
    "装修用料讲究，水电都换过新的。",
    "餐厅独立，储物空间多。",
    "小区中间有花园，适合散步。",
    "窗户朝向院子，晚上安静。",
    "物业费按季度交，费用公开。",
    "房间都是木地板，去年重新打过蜡。",
];
