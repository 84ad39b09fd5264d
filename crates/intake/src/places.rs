//! Chinese cities: the prefixes portals give their hosts, and the districts that tell a city and a
//! district column from a column of business areas.

/// City, prefixes of hosts, short names of districts.
type City = (&'static str, &'static str, &'static str);

const CITIES: &[City] = &[
    (
        "北京",
        "bj beijing",
        "东城 西城 朝阳 海淀 丰台 石景山 通州 昌平 大兴 顺义 房山 门头沟 平谷 怀柔 密云 延庆 亦庄开发区 亦庄 崇文 宣武",
    ),
    (
        "上海",
        "sh shanghai",
        "浦东 闵行 宝山 徐汇 普陀 杨浦 长宁 松江 嘉定 黄浦 静安 虹口 青浦 奉贤 金山 崇明 闸北 卢湾 浦东新区",
    ),
    (
        "天津",
        "tj tianjin",
        "和平 南开 河西 河东 河北 红桥 西青 北辰 东丽 津南 武清 宝坻 静海 蓟州 宁河 滨海新区 塘沽 开发区 汉沽 大港",
    ),
    (
        "重庆",
        "cq chongqing",
        "渝中 江北 南岸 渝北 沙坪坝 九龙坡 大渡口 巴南 北碚 万州 涪陵 永川 江津 合川 长寿 璧山 两江新区",
    ),
    (
        "广州",
        "gz guangzhou",
        "天河 越秀 荔湾 海珠 番禺 白云 黄埔 从化 增城 花都 南沙 萝岗",
    ),
    (
        "深圳",
        "sz shenzhen",
        "罗湖 福田 南山 盐田 宝安 龙岗 龙华 光明 坪山 大鹏 大鹏新区 龙华新区 光明新区 坪山新区",
    ),
    (
        "杭州",
        "hz hangzhou",
        "西湖 上城 下城 江干 拱墅 滨江 余杭 萧山 临平 钱塘 钱塘新区 富阳 临安 桐庐 建德 淳安",
    ),
    (
        "南京",
        "nj nanjing",
        "鼓楼 建邺 秦淮 玄武 雨花台 栖霞 江宁 浦口 六合 溧水 高淳 下关 白下",
    ),
    (
        "苏州",
        "su suzhou",
        "姑苏 虎丘 吴中 相城 吴江 工业园区 高新 昆山 常熟 张家港 太仓 园区",
    ),
    (
        "武汉",
        "wh wuhan",
        "江岸 江汉 硚口 东西湖 武昌 青山 洪山 汉阳 东湖高新 江夏 蔡甸 黄陂 新洲 沌口开发区 汉南",
    ),
    (
        "成都",
        "cd chengdu",
        "锦江 青羊 武侯 高新 成华 金牛 天府新区 高新西 双流 温江 郫都 龙泉驿 新都 天府新区南区 青白江 都江堰 新津 简阳 彭州",
    ),
    (
        "西安",
        "xa xian",
        "碑林 未央 灞桥 雁塔 莲湖 新城 长安 阎良 临潼 高陵 鄠邑 蓝田 西咸新区 高新区 曲江新区",
    ),
    (
        "长沙",
        "cs changsha",
        "雨花 岳麓 天心 开福 芙蓉 望城 宁乡 浏阳 长沙县",
    ),
    (
        "青岛",
        "qd qingdao",
        "市南 市北 李沧 崂山 黄岛 城阳 即墨 胶州 平度 莱西",
    ),
    (
        "大连",
        "dl dalian",
        "中山 西岗 沙河口 甘井子 高新园区 旅顺口 金州 普兰店 开发区",
    ),
    (
        "沈阳",
        "sy shenyang",
        "和平 沈河 皇姑 铁西 浑南 大东 于洪 沈北新区 苏家屯 沈北",
    ),
    (
        "济南",
        "jn jinan",
        "历下 市中 天桥 历城 槐荫 高新 长清 章丘 济阳 莱芜",
    ),
    (
        "郑州",
        "zz zhengzhou",
        "金水 二七 中原 管城回族区 惠济 郑东新区 高新 高新区 经开区 管城 荥阳 新郑 中牟 上街",
    ),
    (
        "合肥",
        "hf hefei",
        "包河 蜀山 庐阳 瑶海 政务 滨湖新区 经开 高新 新站 肥东 肥西 长丰",
    ),
    ("厦门", "xm xiamen", "思明 湖里 集美 同安 翔安 海沧"),
    (
        "福州",
        "fz fuzhou",
        "鼓楼 台江 仓山 晋安 马尾 闽侯 长乐 连江 福清",
    ),
    (
        "宁波",
        "nb ningbo",
        "海曙 江北 鄞州 镇海 北仑 奉化 余姚 慈溪 江东 高新区",
    ),
    ("无锡", "wx wuxi", "梁溪 滨湖 新吴 锡山 惠山 江阴 宜兴 新区"),
    ("佛山", "fs foshan", "禅城 南海 顺德 三水 高明"),
    (
        "东莞",
        "dg dongguan",
        "东城 南城 莞城 万江 虎门 长安 厚街 常平 塘厦 松山湖 寮步 大朗 凤岗",
    ),
    ("珠海", "zh zhuhai", "香洲 金湾 斗门 横琴"),
    (
        "惠州",
        "hui huizhou",
        "惠城 惠阳 大亚湾 仲恺 博罗 惠东 龙门",
    ),
    ("中山", "zs zhongshan", "东区 西区 石岐 火炬 坦洲 三乡 小榄"),
    (
        "石家庄",
        "sjz shijiazhuang",
        "长安 桥西 裕华 新华 高新 正定 鹿泉 藁城 栾城",
    ),
    ("太原", "ty taiyuan", "小店 迎泽 杏花岭 万柏林 尖草坪 晋源"),
    (
        "哈尔滨",
        "hrb haerbin harbin",
        "南岗 道里 道外 香坊 松北 平房 呼兰 阿城",
    ),
    (
        "长春",
        "cc changchun",
        "朝阳 南关 宽城 绿园 二道 双阳 净月 高新 经开",
    ),
    ("昆明", "km kunming", "五华 盘龙 官渡 西山 呈贡 安宁 晋宁"),
    ("贵阳", "gy guiyang", "云岩 南明 观山湖 花溪 乌当 白云 清镇"),
    ("南宁", "nn nanning", "青秀 兴宁 江南 西乡塘 良庆 邕宁"),
    (
        "南昌",
        "nc nanchang",
        "东湖 西湖 青云谱 红谷滩 青山湖 新建 南昌县 高新",
    ),
    ("海口", "hk haikou", "龙华 美兰 琼山 秀英"),
    ("三亚", "san sanya", "吉阳 天涯 海棠 崖州"),
    ("兰州", "lz lanzhou", "城关 七里河 安宁 西固 红古"),
    ("烟台", "yt yantai", "芝罘 莱山 福山 牟平 开发区 高新"),
    ("常州", "cz changzhou", "天宁 钟楼 新北 武进 金坛 溧阳"),
    ("徐州", "xz xuzhou", "鼓楼 云龙 泉山 铜山 贾汪 新城"),
    ("南通", "nt nantong", "崇川 港闸 通州 海门 如皋 启东"),
    ("温州", "wz wenzhou", "鹿城 龙湾 瓯海 洞头 瑞安 乐清"),
    ("嘉兴", "jx jiaxing", "南湖 秀洲 桐乡 海宁 嘉善 平湖 海盐"),
    ("绍兴", "sx shaoxing", "越城 柯桥 上虞 诸暨 嵊州"),
    ("廊坊", "lf langfang", "广阳 安次 燕郊 香河 固安 三河 大厂"),
    ("保定", "bd baoding", "竞秀 莲池 徐水 涿州 清苑"),
    ("洛阳", "luoyang", "涧西 西工 洛龙 老城 瀍河 吉利"),
    ("呼和浩特", "hhht huhehaote", "新城 回民 玉泉 赛罕"),
    ("银川", "yinchuan", "兴庆 金凤 西夏"),
    ("乌鲁木齐", "wulumuqi", "天山 沙依巴克 水磨沟 米东"),
    ("泉州", "quanzhou", "丰泽 鲤城 洛江 晋江 石狮"),
];

/// The city a portal's page belongs to: `https://wh.lianjia.com/…` is 武汉.
pub fn url_city(url: &str) -> Option<&'static str> {
    let (_, rest) = url.split_once("//")?;
    let (host, path) = rest.split_once(['/', '?', '#']).unwrap_or((rest, ""));
    let mut labels = host.split('.');
    let first = labels.next()?;
    if labels.count() < 2 {
        return None;
    }
    by_prefix(first).or_else(|| {
        // the mobile pages carry the city as the first part of the path
        (first == "m")
            .then(|| path.split('/').next())
            .flatten()
            .and_then(by_prefix)
    })
}

fn by_prefix(prefix: &str) -> Option<&'static str> {
    CITIES
        .iter()
        .find(|(_, prefixes, _)| prefixes.split(' ').any(|known| known == prefix))
        .map(|(city, ..)| *city)
}

fn bare(name: &str) -> &str {
    let name = name.trim();
    // two-character names such as 东区 keep their last character
    if name.chars().count() > 2 {
        name.strip_suffix(['区', '县', '市']).unwrap_or(name)
    } else {
        name
    }
}

/// Whether a name is a district of some city, or looks like one (`…区`, `…县`).
pub(crate) fn is_district(name: &str) -> bool {
    let name = name.trim();
    let long = name.chars().count() > 2;
    long && (name.ends_with('县')
        || name.ends_with('区') && !name.ends_with("小区") && name.chars().count() <= 5)
        || CITIES.iter().any(|(.., districts)| {
            districts
                .split(' ')
                .any(|known| known == name || known == bare(name))
        })
}

/// Whether a name is a city.
pub(crate) fn is_city(name: &str) -> bool {
    let name = name.trim();
    CITIES
        .iter()
        .any(|(city, ..)| *city == name || name.strip_suffix('市') == Some(city))
}

/// The one city whose districts these are: nearly all of them, and no other city comes near.
pub(crate) fn city_of_districts(names: &[&str]) -> Option<&'static str> {
    if names.len() < 2 {
        return None;
    }
    let mut shares: Vec<(usize, &'static str)> = CITIES
        .iter()
        .map(|(city, _, districts)| {
            let held = names
                .iter()
                .filter(|name| {
                    districts
                        .split(' ')
                        .any(|known| known == bare(name) || known == **name)
                })
                .count();
            (held, *city)
        })
        .collect();
    shares.sort_by_key(|(held, _)| std::cmp::Reverse(*held));
    let (first, second) = (shares[0], shares[1]);
    // two or three names must all be the city's and nobody else's
    let few = names.len() < 4 && (second.0 > 0 || first.0 < names.len());
    (!few && first.0 * 10 >= names.len() * 8 && second.0 * 2 <= first.0).then_some(first.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn districts_tell_the_city() {
        assert_eq!(
            city_of_districts(&["鼓楼", "建邺", "秦淮", "玄武", "江宁"]),
            Some("南京")
        );
        assert_eq!(city_of_districts(&["鼓楼"]), None);
        assert_eq!(city_of_districts(&["浦东", "闵行"]), Some("上海"));
        assert_eq!(city_of_districts(&["朝阳", "和平"]), None);
        assert!(is_district("朝阳区") && is_district("浦东") && !is_district("望京"));
        assert!(is_city("上海市"));
    }
}
