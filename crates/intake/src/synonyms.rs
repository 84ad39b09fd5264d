//! Headers under which other systems write a field: English, RESO, Chinese, pinyin.
//!
//! The tables are compared after [`crate::understand`] has folded a header (width, case, blanks, `_`
//! and brackets), so one spelling each is enough. RESO's own names and the names on the wire are
//! added from the record's field table. A header may stand under several fields: the order of the
//! table is the preference, and the values of the column decide.

/// A kind of record that columns are understood for.
#[derive(Debug)]
pub struct Target {
    /// Name of the record, `listing`.
    pub name: &'static str,
    /// Which headers name which field.
    pub synonyms: &'static [Synonym],
}

/// One field and the headers that name it.
#[derive(Debug)]
pub struct Synonym {
    /// Field, by its name on the wire.
    pub field: &'static str,
    /// Headers.
    pub headers: &'static [&'static str],
}

/// Listings.
pub fn listing() -> &'static Target {
    static LISTING: Target = Target {
        name: "listing",
        synonyms: LISTING_SYNONYMS,
    };
    &LISTING
}

/// Communities (小区): the reference table of `communities FILE`.
pub fn community() -> &'static Target {
    static COMMUNITY: Target = Target {
        name: "community",
        synonyms: COMMUNITY_SYNONYMS,
    };
    &COMMUNITY
}

/// Members (agents): the roster of `lead-assign roster FILE`.
pub fn member() -> &'static Target {
    static MEMBER: Target = Target {
        name: "member",
        synonyms: MEMBER_SYNONYMS,
    };
    &MEMBER
}

/// Media of listings: the table of `--media FILE`.
pub fn media() -> &'static Target {
    static MEDIA: Target = Target {
        name: "media",
        synonyms: MEDIA_SYNONYMS,
    };
    &MEDIA
}

/// A field of the record made of several fields, all read out of one cell.
#[derive(Debug)]
pub struct Composite {
    /// Name in a mapping.
    pub name: &'static str,
    /// Fields it fills.
    pub fields: &'static [&'static str],
}

/// Composite fields of listings: a column of layouts or of floors fills several fields.
pub const COMPOSITES: &[Composite] = &[
    Composite {
        name: "layout",
        fields: &[
            "bedrooms_total",
            "living_rooms",
            "kitchens",
            "bathrooms_total_integer",
            "balconies",
            "studio",
        ],
    },
    Composite {
        name: "floor",
        fields: &["entry_level", "floor_band", "stories_total"],
    },
];

macro_rules! synonyms {
    ($($field:ident: $($header:literal)+;)+) => {
        &[$(Synonym { field: stringify!($field), headers: &[$($header),+] }),+]
    };
}

// Western words stand first, then Chinese, then pinyin.
const LISTING_SYNONYMS: &[Synonym] = synonyms! {
    listing_id: "id" "listing id" "listing number" "listing no" "house id" "house code" "house no" "property id" "property ref" "property number"
        "mls" "mls id" "mls number" "mls no" "ref" "ref no" "reference" "reference number" "zpid" "uprn listing" "ad id" "advert id" "sku" "code" "home id" "unit id"
        "row id" "object id" "house num" "housecode" "listing key" "listing code"
        "房源编号" "房源编码" "房源号" "房源id" "编号" "链家编号" "贝壳编号" "链家id" "贝壳id" "房屋编号" "房屋编码" "房屋id" "房源代码" "房号id" "信息编号" "委托编号" "成交编号" "交易编号"
        "fangyuanbianhao" "bianhao" "fangyuanid" "fangyuanhao";
    originating_system_key: "source id" "source key" "external id" "original id" "portal id" "来源编号" "原始编号" "平台房源id" "外部编号" "源id";
    originating_system_name: "source" "portal" "platform" "website" "site" "data source" "origin" "source site" "来源" "来源平台" "平台" "数据来源" "网站" "来源网站" "laiyuan" "pingtai";
    title: "title" "headline" "heading" "name" "listing title" "house title" "house name" "ad title" "advert title" "subject" "caption" "标题" "房源标题" "房源名称" "名称" "房源名"
        "题目" "广告标题" "biaoti" "mingcheng";
    url: "url" "link" "href" "page" "page url" "listing url" "detail url" "house url" "property url" "web link" "weblink" "hyperlink" "source url" "url see" "detail link" "房源链接" "链接" "网址" "详情链接" "详情页" "房源网址" "地址链接"
        "链接地址" "房屋链接" "lianjie" "wangzhi";
    subdivision_name: "community" "community name" "complex" "complex name" "compound" "estate" "estate name" "subdivision" "garden" "neighborhood name" "residential complex" "residence"
        "residential area" "development" "project" "project name" "building complex" "condo name" "village" "plot" "house" "xiaoqu name" "resblock" "resblock name" "communityname" "name" "location name" "house name"
        "小区" "小区名" "小区名称" "楼盘" "楼盘名称" "楼盘名" "所在小区" "社区" "社区名称" "小区名字" "所属小区" "项目名称" "名称" "住宅小区" "房屋小区"
        "xiaoqu" "xiaoquming" "xiaoqumingcheng" "loupan" "loupanming" "shequ";
    building_name: "building" "building name" "building no" "building number" "block" "tower" "楼栋" "栋座" "楼号" "座栋" "栋号" "楼栋号" "幢号" "栋" "louhao" "dongzuo" "loudong";
    entrance: "entrance" "entrance no" "单元" "单元号" "danyuan";
    unit_number: "unit" "unit number" "unit no" "apt" "apartment number" "room number" "room no" "door number" "flat number" "suite" "房号" "室号" "单元房号" "门牌号室" "房间号" "fanghao" "shihao";
    unparsed_address: "address" "full address" "street address" "property address" "location" "display address" "house address" "position" "position info" "address line 1" "address 1" "site address" "situs address"
        "formatted address" "area info" "地址" "房屋地址" "详细地址" "坐落" "物业地址" "位置" "具体地址" "所在地址" "房源地址" "小区地址" "地理位置" "位置信息" "dizhi" "weizhi" "zuoluo";
    street_name: "street" "street name" "road" "路" "街道" "道路" "路名" "jiedao";
    street_number: "street number" "street no" "house number" "门牌" "门牌号" "弄" "menpai" "menpaihao";
    city: "city" "town" "suburb" "municipality" "city name" "locality" "post town" "location city" "城市" "城市名" "城市名称" "所在城市" "市" "chengshi" "shi";
    county_or_parish: "county" "district" "district name" "borough" "council area" "council" "region" "area" "county name" "district area" "local authority" "zone" "administrative area" "area name" "region name" "location"
        "区" "区县" "行政区" "所在区域" "城区" "区域" "所在区" "区域名称" "所属区域" "行政区域" "地区" "所在区县" "辖区" "所属区" "quxian" "xingzhengqu" "quyu" "chengqu" "diqu";
    mls_area_major: "business area" "bizcircle" "biz circle" "biz circle name" "business circle" "business district" "trade area" "trading area" "sub district" "subdistrict" "area" "sub area" "district" "neighborhood" "neighbourhood" "region" "regionname"
        "region name" "mls area" "plate" "area major" "circle" "shangquan name" "zone" "area name" "location" "商圈" "板块" "片区" "所在位置" "商圈名称" "所属商圈" "所在商圈" "街道商圈" "所属板块" "shangquan" "bankuai" "pianqu";
    mls_area_minor: "ring" "ring road" "loop" "sub sub area" "环线" "环线位置" "所在环线" "环" "huanxian";
    state_or_province: "state" "province" "state code" "province name" "省" "省份" "所在省份" "sheng" "shengfen";
    postal_code: "zip" "zip code" "zipcode" "postcode" "post code" "postal code" "zip or postal code" "pincode" "邮编" "邮政编码" "youbian";
    country: "country" "country code" "nation" "国家" "guojia";
    latitude: "lat" "latitude" "lattitude" "y coord" "geo lat" "map y" "gps lat" "纬度" "百度纬度" "高德纬度" "weidu";
    longitude: "lng" "lon" "long" "longitude" "longtitude" "x coord" "geo lng" "geo lon" "map x" "gps lng" "经度" "百度经度" "高德经度" "jingdu";
    geo_datum: "datum" "geo datum" "coordinate system" "坐标系" "zuobiaoxi";
    distance_to_center: "distance" "distance to center" "distance to centre" "distance to cbd" "distance from cbd" "距市中心" "距市中心距离" "到市中心距离";
    list_price: "price" "list price" "listing price" "asking price" "ask price" "asking" "house price" "total price" "price total" "sale price" "guide price" "current price" "offer price" "price info" "amount" "home price"
        "selling price" "property price" "value" "house total price" "price usd" "cost"
        "总价" "挂牌价" "售价" "报价" "价格" "参考总价" "挂牌总价" "房价" "房屋总价" "总价格" "房屋价格" "价钱" "销售价格" "出售价格" "二手房价格" "房屋售价" "总金额"
        "zongjia" "jiage" "shoujia" "guapaijia" "baojia" "fangjia";
    original_list_price: "original list price" "original price" "orig price" "initial price" "first price" "首次挂牌价" "原价" "初始挂牌价" "原始价格";
    previous_list_price: "previous list price" "previous price" "last price" "old price" "调价前" "上次价格" "原挂牌价";
    close_price: "close price" "sold price" "sale amount" "deal price" "closing price" "transaction price" "last sold price" "price paid" "deal total price" "sold for" "final price" "trans price"
        "成交价" "成交总价" "成交价格" "成交金额" "签约价" "实际成交价" "成交价总价" "chengjiaojia" "chengjiaozongjia";
    lease_amount: "rent" "monthly rent" "rent per month" "rent price" "rental" "rental price" "price per month" "monthly price" "rent amount" "lease amount" "month rent" "rent monthly" "rent month" "rent money" "pcm" "weekly rent"
        "租金" "月租金" "月租" "房租" "租价" "每月租金" "出租价格" "租金价格" "租赁价格" "zujin" "yuezujin" "yuezu" "fangzu";
    lease_amount_frequency: "rent frequency" "price frequency" "rent period" "frequency" "付款周期" "租金周期";
    unit_price: "unit price" "price per sqm" "price per square meter" "price per square metre" "price per m2" "price per sqft" "price per sq ft" "price per square foot" "price per square feet" "ppsf" "psf"
        "usd per square feet" "usd per sqft" "usd per square foot" "avg price" "average price" "per price" "price unit" "price per area" "square price" "sqm price" "meter price" "price per unit" "each price" "deal unit price" "price meter"
        "aver price" "unit"
        "单价" "均价" "每平米价格" "每平方米价格" "每平米单价" "房屋单价" "参考均价" "挂牌单价" "平均价格" "每平价格" "平米价格" "平方米价格" "每平米均价" "单位价格" "成交单价" "平米单价" "平均单价" "每平方价格" "小区均价"
        "元每平米" "元每平方米" "元per平米" "元perm2" "元per平方米" "元per平" "danjia" "junjia" "meipingjiage";
    currency: "currency" "currency code" "price currency" "币种" "货币" "bizhong";
    price_basis: "price basis" "price mode" "price type" "price unit" "价格类型" "计价方式" "价格单位";
    price_mode: "price mode" "price type" "negotiable" "pricing" "price qualifier" "价格模式" "定价方式" "是否议价" "议价";
    deposit: "deposit" "security deposit" "bond" "押金" "yajin";
    rent_mode: "rent mode" "rent type" "rental type" "lease" "lease type" "rent way" "letting type" "rent method" "出租方式" "租赁方式" "租赁类型" "整租合租" "出租类型" "租房方式" "chuzufangshi" "zulinfangshi";
    rent_terms: "rent terms" "payment terms" "payment" "pay type" "pay method" "付款方式" "押付" "付款" "租金押付" "支付方式" "付租方式" "fukuanfangshi";
    down_payment: "down payment" "downpayment" "first payment" "首付" "首付款" "首付金额" "参考首付" "shoufu";
    taxes: "tax" "taxes" "tax fee" "annual tax" "property tax" "税费" "税" "参考税费" "预估税费" "shuifei";
    association_fee: "hoa" "hoa fee" "hoa dues" "association fee" "property fee" "property management fee" "management fee" "hoa per month" "strata fee" "service charge" "物业费" "物业管理费" "物业费用" "wuyefei";
    fee_statement: "fee statement" "agency fee" "commission statement" "佣金说明" "中介费" "佣金" "服务费" "zhongjiefei" "yongjin";
    building_area_total: "area" "building area" "building area total" "total area" "gross area" "gross floor area" "floor area" "gfa" "size" "house area" "house size" "property size" "square" "sqm" "square meters" "square metres" "meters" "m2"
        "area sqm" "covered area" "built up area" "super area" "floor size" "acreage" "room area" "structure area" "building size" "home size" "construction area" "total sqm" "square metre" "squares"
        "建筑面积" "面积" "产权面积" "房屋面积" "总面积" "平米数" "平方数" "房源面积" "平米" "平方" "住房面积" "建面" "房屋建筑面积" "mianji" "jianzhumianji" "jianmian" "pingmi" "pingfang";
    building_area_units: "building area units" "area unit" "area units" "size unit" "面积单位";
    living_area: "living area" "sqft" "sq ft" "square feet" "square footage" "square foot" "sqft living" "living sqft" "finished sqft" "livable area" "carpet area" "net area" "usable area" "inner area" "inside area" "finished area" "living space" "interior area" "inside space"
        "net internal area" "living size" "heated area" "total sqft" "area sqft" "home sqft" "internal area"
        "套内面积" "使用面积" "实用面积" "套内建筑面积" "室内面积" "套内" "taoneimianji" "shiyongmianji" "taonei";
    living_area_units: "living area units" "套内面积单位";
    lot_size_area: "lot" "lot size" "lot area" "sqft lot" "lot sqft" "land size" "landsize" "land area" "plot size" "plot area" "site area" "lot size sqft" "lot acres" "acres" "acre lot" "lot square feet" "占地面积" "土地面积" "地块面积" "zhandimianji" "tudimianji";
    lot_size_units: "lot size units" "lot unit" "land size unit" "lot area units" "占地面积单位";
    above_grade_area: "sqft above" "above grade area" "above ground area" "above grade sqft" "above grade finished area" "gr liv area" "地上面积";
    below_grade_area: "sqft basement" "basement area" "below grade area" "basement sqft" "below grade finished area" "total bsmt sf" "地下面积" "地下室面积";
    layout: "layout" "house type" "room type" "apartment type" "unit type" "floor plan" "floorplan" "type of house" "plan" "pattern" "room layout" "hu xing" "style" "house layout" "room" "rooms" "model" "house style" "bed bath" "beds baths" "structure"
        "户型" "房屋户型" "格局" "房型" "户型图名" "居室" "户型结构" "房屋类型" "户型格局" "室厅" "几室几厅" "厅室" "户型信息" "室厅卫" "住房户型" "huxing" "fangwuhuxing" "fangxing" "geju" "jushi" "shiting";
    bedrooms_total: "bedrooms" "bedroom" "beds" "bed" "br" "bdrm" "bdrms" "bed rooms" "num bedrooms" "bedroom number" "bedroom count" "no of bedrooms" "number of bedrooms" "bedrooms total" "bedroom num" "bed count" "bedroom abv gr" "room num" "bhk"
        "室" "卧室" "卧室数" "卧室数量" "居室数" "房" "几室" "室数" "woshi" "shishu" "woshishu";
    living_rooms: "living rooms" "living room" "halls" "hall" "parlor" "parlour" "parlors" "sitting rooms" "drawing room" "reception rooms" "receptions" "livingroom" "厅" "客厅" "厅数" "客厅数" "几厅" "客厅数量" "tingshu" "keting";
    kitchens: "kitchens" "kitchen" "kitchen count" "厨" "厨房" "厨房数" "厨数" "厨房数量" "chufang";
    bathrooms_total_integer: "bathrooms" "bathroom" "baths" "bath" "ba" "toilets" "toilet" "washrooms" "restrooms" "bath rooms" "num bathrooms" "number of bathrooms" "no of bathrooms" "bathroom count" "bathroom number" "bathrooms total" "washroom" "wc"
        "卫" "卫生间" "卫生间数" "卫数" "几卫" "卫生间数量" "浴室" "weishengjian" "weishu";
    bathrooms_full: "full bath" "full baths" "bathrooms full" "full bathrooms" "全卫";
    bathrooms_half: "half bath" "half baths" "bathrooms half" "half bathrooms" "powder rooms" "半卫";
    balconies: "balconies" "balcony" "阳台" "阳台数" "阳台数量" "yangtai";
    rooms_total: "rooms" "rooms total" "total rooms" "number of rooms" "room count" "num rooms" "tot rms abv grd" "room" "房间数" "房间数量" "房间总数" "fangjianshu";
    studio: "studio" "is studio" "开间";
    floor: "floor" "floor info" "floor level" "storey" "floor description" "floor desc" "house floor" "floor position" "level" "floor type" "floor height" "floor no" "floor number" "which floor" "floor num"
        "所在楼层" "楼层" "楼层信息" "层数" "楼层情况" "层" "房屋楼层" "楼层高度" "所属楼层" "楼层位置" "suozailouceng" "louceng";
    entry_level: "entry level" "floor" "floor level" "floor no" "floor number" "on floor" "level" "current floor" "floor num" "所在楼层" "楼层" "所在层" "所在层数" "当前楼层" "第几层";
    floor_band: "floor band" "floor" "floor type" "floor position" "楼层类型" "楼层段" "楼层高低" "高低楼层" "楼层";
    stories_total: "stories total" "total floors" "total floor" "floors total" "number of floors" "building floors" "floors in building" "floor count" "max floor" "total storeys" "total stories" "floors" "floor" "all floor" "top floor" "building height" "floor total" "total level"
        "总楼层" "总层数" "楼层总数" "共层数" "楼层数" "总楼层数" "楼高" "建筑层数" "层数" "总层" "楼层" "zonglouceng" "zongcengshu";
    stories: "stories" "floors" "storeys" "no of stories" "levels in home" "number of stories" "story" "户内层数";
    levels: "levels" "unit structure" "inner structure" "户型结构" "房屋结构" "huxingjiegou";
    year_built: "year built" "built year" "yr built" "build year" "construction year" "year" "building year" "year of construction" "built" "completion year" "year built in" "house age year" "built in" "build time" "construction time" "built time" "builtyear" "year build"
        "construct year" "building age" "建成年代" "建筑年代" "建成年份" "竣工时间" "年代" "建筑时间" "建造年代" "建成时间" "建筑年份" "建造时间" "竣工年份" "年份" "房龄年份" "建年" "建房时间" "建成年" "楼龄" "房屋年代" "建造年份" "小区年代"
        "jianchengniandai" "niandai" "jianzhuniandai" "jianzaoniandai";
    year_renovated: "year renovated" "yr renovated" "renovation year" "year remodeled" "year remod add" "last renovation" "翻新年份" "装修年份" "装修时间";
    orientation: "orientation" "direction" "facing" "aspect" "towards" "toward" "house direction" "faces" "direction faces" "exposure" "forward" "face" "house orientation" "房屋朝向" "朝向" "方向" "朝向信息" "房源朝向" "chaoxiang" "fangwuchaoxiang" "fangxiang";
    decoration: "decoration" "renovation" "decorate" "decorating" "fitment" "fit out" "fitting" "decoration type" "renovation condition" "decoration status" "decorations" "finish" "style" "decoration situation" "renovate" "decor"
        "装修" "装修情况" "装修程度" "装修状况" "装修类型" "装修标准" "房屋装修" "装潢" "装修风格" "zhuangxiu" "zhuangxiuqingkuang";
    building_form: "building form" "building type" "building structure type" "structure type" "structure" "building style" "building category" "style" "house type" "建筑类型" "楼型" "建筑形式" "楼栋类型" "建筑形态" "房屋结构" "楼房类型" "楼宇类型" "建筑类别" "jianzhuleixing" "louxing";
    structure: "structure" "building structure" "construction" "construction materials" "material" "materials" "建筑结构" "房屋结构" "结构" "建筑材料" "jianzhujiegou";
    elevator: "elevator" "lift" "has elevator" "has lift" "elevators" "with elevator" "is elevator" "elevator yn" "lifts" "电梯" "配备电梯" "是否配备电梯" "有无电梯" "是否有电梯" "电梯情况" "配套电梯" "dianti" "peibeidianti";
    lift_ratio: "lift ratio" "ladder ratio" "elevator ratio" "stair ratio" "ladder" "elevator household ratio" "梯户比例" "梯户比" "梯户" "tihubili";
    heating: "heating" "heating type" "heating method" "heating mode" "heating system" "heat" "供暖" "供暖方式" "供暖类型" "采暖" "暖气" "采暖方式" "gongnuan" "gongnuanfangshi" "cainuan";
    cooling: "cooling" "air conditioning" "ac" "central air" "aircon" "空调" "制冷";
    parking_total: "parking total" "parking spaces" "car" "cars" "car spaces" "carspaces" "garage" "garages" "garage spaces" "parking space" "parking spots" "parking lots" "garage cars" "car park" "parking" "parking count" "车位数" "车位数量" "停车位数" "车位" "停车位" "cheweishu" "chewei";
    parking: "parking" "parking info" "stall" "parking type" "car parking" "parking space" "停车" "车位" "停车位" "车位情况" "停车情况" "tingche" "chewei";
    water: "water" "water type" "用水类型" "用水" "水" "yongshui";
    electricity: "electricity" "electric" "electricity type" "power" "用电类型" "用电" "电" "yongdian";
    gas: "gas" "fuel gas" "gas supply" "natural gas" "燃气" "天然气" "煤气" "通燃气" "ranqi";
    furnished: "furnished" "furnishing" "furniture" "facilities" "facility" "appliances" "amenities" "furnish type" "furnishing status" "equipment" "supporting facilities" "家具家电" "家具" "家电" "配套设施" "房屋配套" "设施" "配套" "房屋设施" "室内设施" "房间设施" "jiaju" "peitao" "sheshi";
    condition: "condition" "property condition" "house condition" "overall cond" "房屋状况" "房况" "成色";
    view: "view" "views type" "景观" "视野";
    waterfront: "waterfront" "water front" "waterfront yn" "临水" "水景";
    tenure: "tenure" "ownership" "ownership type" "transaction ownership" "property right" "property rights" "trading ownership" "title type" "trade ownership" "property ownership" "house ownership" "交易权属" "产权性质" "产权类型" "权属" "房屋性质" "产权" "房屋权属" "住房性质" "产权归属" "jiaoyiquanshu" "chanquan" "quanshu" "chanquanxingzhi";
    ownership_shared: "ownership shared" "ownership" "co owned" "shared ownership" "is shared" "产权所属" "产权所属是否共有" "是否共有" "产权共有" "共有" "chanquansuoshu";
    land_years: "land years" "property years" "lease years" "land lease years" "ownership years" "产权年限" "土地年限" "使用年限" "产权年" "chanquannianxian";
    holding: "holding" "holding period" "holding years" "tax free years" "house years" "five years" "房屋年限" "是否满两年" "是否满五" "是否满五年" "满二满五" "房本年限" "购房年限" "持有年限" "是否满五唯一" "fangwunianxian";
    last_sale_date: "last sale date" "last sold date" "last transaction" "last trade" "last trading" "last deal" "previous sale date" "prior sale date" "last trading time" "last transaction date" "上次交易" "上次交易时间" "上次交易日期" "shangcijiaoyi";
    mortgage: "mortgage" "mortgage info" "mortgage information" "loan" "抵押信息" "抵押" "抵押情况" "贷款" "diya" "diyaxinxi";
    title_uploaded: "title uploaded" "certificate" "house certificate" "property certificate" "room book" "房本备件" "房本" "备件" "房本照片" "fangbenbeijian";
    verification_code: "verification code" "verify code" "核验码" "房源核验码" "房协编码" "房源核验统一编码" "核验编码" "heyanma";
    school: "school" "schools" "school name" "school district" "nearby school" "学校" "学区" "周边学校" "xuexiao" "xuequ";
    metro: "subway" "metro" "subway station" "metro station" "nearest station" "station" "nearest station name" "subway info" "subway name" "transport" "traffic" "metro name" "underground" "tube station" "地铁" "地铁站" "地铁站名" "地铁信息" "最近地铁站" "近地铁" "轨道交通" "附近地铁" "交通" "地铁站点" "ditie" "ditiezhan";
    metro_line: "metro line" "subway line" "line" "subway line name" "metro line name" "地铁线路" "地铁线" "线路" "几号线" "地铁几号线" "ditiexianlu" "ditiexian";
    metro_distance: "metro distance" "subway distance" "distance to subway" "distance to metro" "distance to station" "station distance" "distance from subway" "nav distance" "distance" "距地铁距离" "地铁距离" "距离地铁" "距地铁" "离地铁距离" "距地铁站距离" "到地铁距离" "ditiejuli";
    tags: "tags" "tag" "tag list" "labels" "label" "features" "feature" "highlights" "keywords" "house tag" "house tags" "key features" "selling points" "标签" "房源标签" "特色" "房源特色" "特点" "亮点" "房屋标签" "房源亮点" "tese" "biaoqian";
    public_remarks: "description" "public remarks" "remarks" "desc" "summary" "details" "detail" "body" "content" "introduction" "intro" "overview" "listing description" "property description" "comments" "house description" "full description" "text"
        "房源描述" "核心卖点" "描述" "房源介绍" "介绍" "房屋描述" "详情" "简介" "房源简介" "房源详情" "房屋介绍" "推荐理由" "卖点" "说明" "miaoshu" "jieshao" "hexinmaidian";
    private_remarks: "private remarks" "internal notes" "internal remarks" "agent remarks" "notes" "note" "memo" "备注" "内部备注" "备注信息" "beizhu";
    photos: "photos" "images" "pictures" "photo" "image" "picture" "pics" "img" "photo urls" "image urls" "image url" "picture url" "photo url" "image link" "img url" "img src" "cover" "pic" "pic url" "cover image" "thumbnail" "图片" "照片" "房源图片" "图片链接" "房源照片" "图片地址" "封面" "封面图" "tupian" "zhaopian";
    video: "video" "videos" "video url" "video link" "视频" "视频地址" "视频链接" "房源视频" "看房视频" "shipin";
    vr: "vr" "vr url" "vr link" "virtual tour" "virtual tour url" "virtual tour url unbranded" "vr看房" "vr地址" "vr链接" "全景";
    photos_count: "photos count" "photo count" "number of photos" "image count" "num photos" "images count" "number of images" "图片数" "图片数量" "照片数" "照片数量" "tupianshu";
    promoted: "promoted" "featured" "is featured" "sponsored" "premium listing" "is ad" "is top" "是否推广" "推广" "置顶" "黄金展位" "是否置顶";
    follow_count: "followers" "follow" "follow info" "follow count" "favorites" "favourites" "favorite count" "likes" "saves" "attention" "follow num" "concern" "followers count" "follower count" "focus" "star" "interested" "favs" "watch count" "关注" "关注人数" "关注数" "关注度" "收藏" "收藏数" "收藏人数" "关注信息" "关注量" "关注人" "guanzhu" "guanzhurenshu" "guanzhushu";
    showing_count: "showings" "showing count" "viewings" "visit count" "visits" "visited" "tours" "viewing count" "take look" "seen" "number of viewings" "visit num" "看房次数" "带看" "带看次数" "带看量" "看房人数" "近30天带看" "带看数" "看房数" "30天带看" "daikan" "daikancishu" "kanfangcishu";
    view_count: "views" "view count" "total views" "page views" "hits" "clicks" "pv" "pageviews" "browse count" "read count" "浏览量" "浏览次数" "浏览" "点击量" "访问量" "点击数" "liulanliang";
    published_ago: "published ago" "listed ago" "time ago" "publish time ago" "follow info" "发布多久" "多久前发布";
    list_agent_id: "agent id" "list agent id" "agent code" "agent key" "agent no" "broker id" "realtor id" "list agent mls id" "list agent key" "agent number" "经纪人id" "工号" "经纪人编号" "经纪人工号" "维护人编号" "jingjirenid";
    list_agent_full_name: "agent" "agent name" "list agent" "listing agent" "realtor" "broker" "broker name" "contact person" "contact name" "consultant" "listed by" "agent full name" "list agent name" "contact" "name" "经纪人" "维护人" "归属人" "经纪人姓名" "联系人" "置业顾问" "中介姓名" "经纪人名称" "中介" "jingjiren" "lianxiren";
    list_office_id: "office id" "store id" "agency id" "branch id" "list office mls id" "list office key" "shop id" "门店id" "门店编号" "mendianid";
    list_office_name: "office" "office name" "agency" "agency name" "brokerage" "branch" "branch name" "store" "store name" "shop" "seller g" "sellerg" "selling agency" "listing office" "real estate agency" "company" "brokered by" "estate agent" "agent office" "list office" "broker company" "agency company" "门店" "店组" "分行" "门店名称" "中介公司" "公司" "经纪公司" "所属门店" "公司名称" "所属公司" "mendian" "zhongjiegongsi";
    buyer_agent_id: "buyer agent id" "buyer agent" "buyer agent key" "buyers agent" "成交人" "客源方" "成交人id" "客源方id";
    co_list_agent_id: "co list agent id" "co list agent" "co agent" "second agent" "合作人" "合作人id";
    channel: "channel" "source channel" "entry channel" "lead channel" "渠道" "来源渠道" "录入渠道" "房源渠道" "qudao";
    standard_status: "status" "standard status" "listing status" "state" "sale status" "property status" "house status" "current status" "method" "sale method" "method of sale" "状态" "房源状态" "销售状态" "挂牌状态" "当前状态" "房屋状态" "交易状态" "zhuangtai";
    mls_status: "mls status" "original status" "raw status" "原状态";
    business_line: "business line" "line of business" "business type" "trade type" "listing type" "transaction type" "sale or rent" "sale type" "rent or sale" "deal type" "offer type" "for sale or rent" "category" "type" "业务线" "业务类型" "租售类型" "租售" "交易类型" "房源类型" "出售出租" "业务" "yewuleixing";
    property_type: "property type" "transaction type" "type" "交易类型" "租售类型" "业务类型" "物业类型" "property class" "房源类型";
    property_sub_type: "property sub type" "property subtype" "sub type" "subtype" "property type" "home type" "house type" "dwelling type" "type" "building type" "property kind" "type of property" "house usage" "property category" "usage" "house use" "house purpose" "use" "category" "kind" "type of home" "building class" "bldg type" "property use"
        "房屋用途" "物业类型" "房屋类型" "用途" "房产类型" "住宅类型" "物业类别" "房屋类别" "类型" "小区类型" "物业用途" "规划用途" "fangwuyongtu" "wuyeleixing" "yongtu" "leixing";
    on_market_timestamp: "on market timestamp" "listed at" "list time" "listing time" "publish time" "published at" "posted at" "post time" "publish date" "online time" "added at" "date added" "date posted" "date listed" "added on" "list date" "listing date" "listed on" "listed" "first listed" "first seen" "pub date" "release time" "date" "time" "posted" "published" "issued"
        "挂牌时间" "挂牌日期" "上架时间" "发布时间" "发布日期" "上线时间" "上架日期" "房源发布时间" "日期" "时间" "guapaishijian" "guapairiqi" "fabushijian" "fabu";
    on_market_date: "on market date" "on market" "list date" "listing date" "listed on" "listed at" "list time" "listing time" "publish time" "published at" "posted at" "post time" "publish date" "online time" "added at" "date added" "date posted" "date listed" "added on" "listed" "first listed" "first seen" "pub date" "release time" "date" "time" "posted" "published" "issued"
        "挂牌时间" "挂牌日期" "上架时间" "发布时间" "发布日期" "上线时间" "上架日期" "房源发布时间" "日期" "时间" "guapaishijian" "guapairiqi" "fabushijian" "fabu";
    listing_contract_date: "listing contract date" "contract start" "agency start" "commission date" "委托日期" "委托时间" "委托开始" "weituoriqi";
    expiration_date: "expiration date" "expires" "expiry" "expiry date" "valid until" "expires at" "委托到期" "有效期至" "到期时间" "到期日期" "有效期";
    close_date: "close date" "sold date" "date sold" "sale date" "deal date" "deal time" "sign time" "signed at" "sign date" "closing date" "transaction date" "transaction time" "date of sale" "sold on" "trade time" "closed at" "date of transfer" "trans date" "sold time" "dealdate" "trade date" "contract date"
        "成交时间" "成交日期" "签约日期" "签约时间" "交易时间" "交易日期" "成交周期止" "chengjiaoshijian" "chengjiaoriqi" "qianyueshijian";
    off_market_date: "off market date" "delisted at" "delist date" "removed date" "下架时间" "下架日期";
    withdrawn_date: "withdrawn date" "withdrawn at" "撤盘时间" "撤盘日期";
    purchase_contract_date: "purchase contract date" "contract signed" "net sign date" "网签日期" "网签时间";
    availability_date: "availability date" "available" "available from" "available date" "move in date" "date available" "move in" "check in" "let available date" "入住时间" "可入住" "入住" "可入住时间" "ruzhushijian";
    lease_term: "lease term" "term" "minimum term" "rental term" "lease length" "tenancy length" "lease" "租期" "租约" "最短租期" "zuqi";
    days_on_market: "days on market" "dom" "cdom" "cumulative days on market" "days on zillow" "days on redfin" "days listed" "time on market" "deal cycle" "market days" "挂牌天数" "成交周期" "成交周期天" "在售天数" "chengjiaozhouqi";
    modification_timestamp: "modification timestamp" "updated at" "updated" "update time" "last updated" "modified" "modified at" "last modified" "update date" "last update" "date updated" "updatetime" "refresh time" "更新时间" "最后维护" "更新日期" "最后更新" "维护时间" "修改时间" "gengxinshijian";
    original_entry_timestamp: "original entry timestamp" "created at" "created" "create time" "creation date" "entered at" "entry time" "date created" "insert time" "录入时间" "创建时间" "登记时间" "录入日期" "lurushijian" "chuangjianshijian";
    status_change_timestamp: "status change timestamp" "status changed at" "status date" "状态变更" "状态变更时间";
    price_change_timestamp: "price change timestamp" "price changed at" "price change date" "调价时间" "调价日期";
    captured_date: "captured date" "crawl date" "crawl time" "scraped at" "scrape date" "crawled at" "fetch time" "snapshot date" "data date" "extracted at" "collection date" "get time" "spider time" "retrieved" "timestamp" "抓取时间" "采集时间" "爬取时间" "抓取日期" "采集日期" "爬虫时间";
    owner_name: "owner" "owner name" "vendor name" "seller name" "landlord" "landlord name" "业主" "业主姓名" "房东" "房东姓名" "产权人" "yezhu" "fangdong";
    owner_phone: "owner phone" "landlord phone" "owner mobile" "seller phone" "业主电话" "业主手机" "房东电话" "业主联系电话" "房东手机";
    parcel_number: "parcel number" "apn" "parcel id" "parcel" "assessor parcel number" "title number" "certificate number" "不动产单元号" "产权证号" "房产证号" "不动产权证号";
};

const COMMUNITY_SYNONYMS: &[Synonym] = synonyms! {
    community_id: "id" "community id" "resblock id" "code" "xiaoqu id" "estate id" "housing id" "小区编号" "小区id" "编号" "楼盘编号";
    subdivision_name: "community" "community name" "name" "title" "complex" "compound" "estate" "estate name" "resblock name" "resblock" "xiaoqu" "garden" "house name" "subdivision" "project" "building name" "小区" "小区名" "小区名称" "小区名字" "楼盘" "楼盘名称" "名称" "社区" "楼盘名" "xiaoquming" "xiaoqumingcheng" "loupan";
    aliases: "alias" "aliases" "other names" "also known as" "nickname" "别名" "小区别名" "曾用名" "推广名" "备案名";
    city: "city" "city name" "town" "城市" "城市名" "城市名称" "所在城市" "chengshi";
    county_or_parish: "county" "district" "district name" "region" "area" "borough" "zone" "location" "区" "区县" "行政区" "区域" "所在区域" "所属区域" "城区" "quyu" "quxian";
    mls_area_major: "business area" "bizcircle" "biz circle" "bizcircle name" "business circle" "area" "region" "district" "sub district" "neighborhood" "plate" "location" "circle" "商圈" "板块" "片区" "所属商圈" "商圈名称" "所在位置" "shangquan" "bankuai";
    metro: "metro" "subway" "tag list" "tags" "tag" "subway station" "metro station" "taglist" "traffic" "地铁" "地铁站" "标签" "近地铁" "交通" "ditie";
    listings_count: "on sale" "onsale" "on sale count" "listings" "listings count" "for sale" "sale count" "selling" "number of listings" "sell num" "house count" "在售" "在售数" "在售套数" "在售房源" "在售二手房" "挂牌数" "挂牌量" "二手房数" "zaishou";
    unparsed_address: "address" "location" "full address" "position" "position info" "地址" "小区地址" "详细地址" "位置" "坐落" "dizhi" "weizhi";
    year_built: "year built" "built year" "build year" "building year" "year" "construction year" "build time" "built" "建成年代" "建筑年代" "建成年份" "竣工时间" "年代" "年份" "建造年代" "建筑时间" "建成时间" "niandai";
    buildings: "buildings" "building count" "building num" "building number" "number of buildings" "total buildings" "楼栋数" "栋数" "楼栋总数" "楼栋" "总栋数" "dongshu";
    households: "households" "household count" "units" "total units" "house num" "number of households" "total houses" "户数" "小区户数" "总户数" "房屋总数" "规划户数" "hushu";
    unit_price: "unit price" "avg price" "average price" "price" "reference price" "mean price" "price per sqm" "total price" "均价" "平均价格" "参考均价" "单价" "小区均价" "挂牌均价" "价格" "二手房均价" "平均单价" "junjia" "danjia";
    building_form: "building type" "building form" "structure" "type" "小区类型" "建筑类型" "楼型" "建筑形式" "类型" "jianzhuleixing";
    property_sub_type: "property type" "usage" "物业类型" "用途" "房屋用途";
    association_fee: "property fee" "management fee" "物业费" "物业费用" "物业管理费" "wuyefei";
    developer: "developer" "developers" "开发商" "开发企业";
    property_company: "property company" "property management" "management company" "物业公司" "物业";
    url: "url" "link" "href" "链接" "网址" "小区链接";
    latitude: "lat" "latitude" "纬度";
    longitude: "lng" "lon" "long" "longitude" "经度";
};

const MEMBER_SYNONYMS: &[Synonym] = synonyms! {
    member_id: "id" "member id" "agent id" "agent no" "agent number" "agent code" "employee id" "employee no" "employee number" "staff id" "staff no" "user id" "broker id" "realtor id" "member key" "member mls id"
        "员工编号" "员工id" "工号" "员工号" "经纪人编号" "经纪人id" "编号" "人员编号" "系统号" "员工工号" "经纪人工号" "bianhao" "gonghao" "yuangongbianhao" "jingjirenbianhao";
    member_mls_id: "mls id" "member mls id" "工号" "系统号" "员工工号";
    originating_system_key: "source id" "source key" "external id" "外部编号" "来源编号";
    originating_system_name: "source" "system" "data source" "source system" "来源" "来源系统" "数据来源";
    member_full_name: "name" "full name" "member name" "agent name" "agent" "broker" "broker name" "employee name" "staff name" "display name" "姓名" "员工姓名" "经纪人姓名" "经纪人" "名字" "xingming" "jingjiren";
    member_first_name: "first name" "given name" "名";
    member_last_name: "last name" "family name" "surname" "姓";
    member_mobile_phone: "phone" "mobile" "mobile phone" "cell" "cell phone" "telephone" "tel" "phone number" "mobile number" "agent phone" "手机" "手机号" "手机号码" "电话" "联系电话" "移动电话" "联系方式" "shouji" "dianhua";
    member_preferred_phone: "preferred phone" "work phone" "office phone" "direct line" "座机" "办公电话" "工作电话";
    member_email: "email" "e mail" "mail" "email address" "邮箱" "电子邮箱" "电子邮件" "youxiang";
    wechat: "wechat" "wechat id" "weixin" "微信" "微信号" "weixinhao";
    member_status: "status" "state" "employment status" "状态" "在职状态" "员工状态" "是否在职" "zhuangtai";
    member_type: "member type" "人员类型" "员工类型" "用工类型";
    role: "role" "position" "job role" "角色" "岗位" "岗位角色" "职位" "职务" "zhiwei" "gangwei" "juese" "zhiwu";
    job_title: "job title" "title" "职务" "职位" "头衔";
    level: "level" "grade" "rank" "agent level" "职级" "级别" "等级" "zhiji" "jibie" "dengji";
    team: "team" "group" "squad" "店组" "组别" "团队" "小组" "组" "tuandui" "dianzu";
    office_id: "office id" "office key" "office no" "office number" "office code" "store id" "store no" "store code" "branch id" "branch no" "shop id" "office mls id" "门店编号" "门店id" "店编号" "店号" "分行编号" "部门编号" "mendianbianhao";
    office_name: "office" "office name" "store" "store name" "branch" "branch name" "shop" "shop name" "brokerage" "门店" "门店名称" "所属门店" "店面" "店名" "分行" "分店" "所属分店" "部门" "mendian" "fenhang" "bumen";
    region: "region" "area" "zone" "大区" "区域" "所属大区" "战区" "daqu" "quyu";
    city: "city" "city name" "member city" "城市" "所在城市" "所属城市" "chengshi";
    territories: "territories" "territory" "service area" "service areas" "districts" "district" "business area" "business areas" "负责区域" "服务区域" "服务商圈" "责任盘" "商圈" "板块" "主营商圈" "主营板块" "bankuai" "shangquan";
    skills: "skills" "skill" "speciality" "specialty" "specialties" "expertise" "擅长" "擅长业务" "专长" "技能" "业务类型" "shanchang" "jineng";
    member_languages: "languages" "language" "语言" "语种" "yuyan";
    licence: "licence" "license" "licence no" "license no" "licence number" "license number" "member state license" "state license" "registration no" "certificate no" "从业证号" "执业证号" "信息卡号" "从业信息卡号" "协理证号" "经纪人证号" "资格证号" "执业证" "从业证" "信息卡" "证书编号" "备案号" "congyezhenghao" "zhiyezhenghao" "xinxikahao";
    licence_expires: "licence expires" "license expires" "licence expiry" "license expiry" "licence expiration" "license expiration" "license expiration date" "licence valid until" "valid until" "expires" "expiry" "expiry date" "expiration date"
        "有效期" "有效期至" "证件有效期" "证书有效期" "执业证有效期" "信息卡有效期" "到期日" "到期日期" "到期时间" "有效期限" "youxiaoqi" "daoqiri";
    daily_cap: "daily cap" "daily limit" "leads per day" "max per day" "日上限" "每日上限" "日接单上限";
    monthly_cap: "monthly cap" "monthly limit" "leads per month" "max per month" "capacity" "月上限" "每月上限" "月接单上限";
    holding_cap: "holding cap" "holding limit" "max open leads" "保有上限" "持有上限" "客户上限" "私客上限";
    lock_cap: "lock cap" "lock limit" "锁定上限";
    hours: "hours" "working hours" "work hours" "shift" "工作时间" "上班时间" "班次" "值班时间";
    leave_until: "leave until" "return date" "back on" "休假至" "返岗日期" "假期截止";
    leave: "leave" "on leave" "vacation" "absence" "休假" "请假" "休假情况";
    weight: "weight" "权重" "分配权重";
    close_rate: "close rate" "conversion" "conversion rate" "win rate" "成交率" "转化率";
    response_minutes: "response minutes" "response time" "avg response minutes" "响应分钟" "响应时间" "平均响应时间" "响应时长";
    rating: "rating" "score" "stars" "评分" "评价" "服务分" "pingfen";
    open_leads: "open leads" "current leads" "active leads" "在跟客户" "在跟客户数" "当前客户数" "持有客户数";
    hired_at: "hired at" "hire date" "hired" "start date" "joined" "join date" "entry date" "入职日期" "入职时间" "入职" "ruzhiriqi";
    modification_timestamp: "modification timestamp" "updated at" "update time" "last modified" "更新时间" "修改时间";
};

// `pixels` is width and height in one cell.
const MEDIA_SYNONYMS: &[Synonym] = synonyms! {
    listing_id: "listing id" "listing number" "listing no" "listing key" "listing code" "listing" "house id" "house code" "property id" "property ref" "home id" "房源编号" "房源编码" "房源号" "房源id"
        "房源" "房屋编号" "房屋编码" "房屋id" "链家编号" "贝壳编号" "所属房源" "fangyuanbianhao" "fangyuanid";
    originating_system_name: "source" "portal" "platform" "website" "data source" "来源" "来源平台" "平台" "数据来源" "网站" "laiyuan" "pingtai";
    url: "url" "link" "href" "media url" "photo url" "image url" "picture url" "video url" "file" "file url" "path" "image" "photo" "picture" "src" "图片地址" "图片链接" "照片地址" "照片链接" "媒体地址" "媒体链接"
        "视频地址" "视频链接" "地址" "链接" "网址" "文件" "文件地址" "文件名" "图片" "照片" "lianjie" "wangzhi";
    kind: "kind" "type" "media type" "media kind" "类型" "媒体类型" "图片类型" "种类" "类别" "leixing";
    room: "room" "shows" "space" "place" "scene" "media type" "类型" "房间" "位置" "空间" "部位" "拍摄位置" "所在房间" "功能区" "图片类型" "fangjian" "weizhi";
    seconds: "seconds" "duration" "length" "video length" "video seconds" "时长" "秒数" "视频时长" "长度" "shichang";
    pixels: "pixels" "resolution" "size" "dimensions" "image size" "分辨率" "像素" "尺寸" "图片尺寸" "fenbianlv" "xiangsu";
    width: "width" "image width" "pixel width" "宽" "宽度" "像素宽" "图片宽度" "kuan" "kuandu";
    height: "height" "image height" "pixel height" "高" "高度" "像素高" "图片高度" "gao" "gaodu";
    content_hash: "content hash" "hash" "md5" "sha" "sha1" "sha256" "phash" "perceptual hash" "checksum" "digest" "哈希" "哈希值" "校验值" "校验和" "指纹" "图片指纹" "图片哈希";
    watermark: "watermark" "watermarked" "has watermark" "水印" "有无水印" "是否有水印" "是否水印" "水印方" "shuiyin";
    rendering: "rendering" "is rendering" "rendered" "cgi" "效果图" "是否效果图" "渲染图" "xiaoguotu";
    sort_order: "order" "sort" "sort order" "position" "index" "排序" "顺序" "次序" "paixu";
    caption: "caption" "title" "description" "alt" "标题" "说明" "图片说明" "描述" "备注" "biaoti";
    removed: "removed" "deleted" "is deleted" "已删除" "是否删除" "删除" "下架" "已下架";
};
