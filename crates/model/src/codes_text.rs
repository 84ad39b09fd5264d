//! Words of sources, Chinese and Western, and the codes they stand for.
//!
//! A word is looked up as it stands, in lower case, and without blanks and signs; nothing is guessed
//! from a part of a word, except where a phrase tells by its beginning (有电梯, 未上传房本照片).

use std::borrow::Cow;

use crate::codes::*;
use crate::number::leading_small;
use crate::text::{fold, narrow, trim};

/// The form in which words stand in the tables below: as written where that is plain already.
fn word(cell: &str) -> Cow<'_, str> {
    let text = trim(cell);
    let plain = text.len() <= 40
        && text.bytes().all(|b| {
            b.is_ascii_lowercase()
                || b.is_ascii_digit()
                || (0x80..=0xE2).contains(&b)
                || (0xE4..=0xE9).contains(&b)
        });
    if plain {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(fold(text))
    }
}

/// Where a listing stands in its life.
pub fn standard_status(cell: &str) -> Option<StandardStatus> {
    use StandardStatus::*;
    Some(match word(cell).as_ref() {
        "active" | "在售" | "在租" | "出售中" | "出租中" | "挂牌" | "挂牌中" | "上架"
        | "已上架" | "有效" | "待售" | "待租" | "可售" | "可租" | "forsale" | "forrent"
        | "tolet" | "available" | "new" | "live" | "listed" | "onmarket" | "backonmarket" => Active,
        "activeundercontract" | "undercontract" | "contingent" | "已认购" | "已下定" | "认购" => {
            ActiveUnderContract
        }
        "canceled" | "cancelled" | "取消" | "已取消" | "作废" | "无效" => Canceled,
        "closed" | "sold" | "成交" | "已成交" | "已售" | "已租" | "售出" | "已售出" | "已出租"
        | "已过户" | "leased" | "rented" | "let" | "letagreed" | "completed" | "settled" => {
            Closed
        }
        "comingsoon" | "即将上架" | "待上架" | "预售" => ComingSoon,
        "delete" | "deleted" | "删除" | "已删除" => Delete,
        "expired" | "过期" | "已过期" | "到期" | "委托到期" => Expired,
        "hold" | "onhold" | "暂缓" | "暂停" | "冻结" | "暂不售" | "暂不租" | "封盘" | "我售" => {
            Hold
        }
        "incomplete" | "draft" | "草稿" | "未完成" | "待审核" | "待完善" | "录入中" => {
            Incomplete
        }
        "pending" | "签约中" | "已签约" | "已网签" | "网签" | "过户中" | "已定" | "预定"
        | "已预定" | "预订" | "已预订" | "下定" | "交易中" | "salepending" | "underoffer"
        | "saleagreed" | "soldstc" | "sstc" => Pending,
        "withdrawn" | "撤盘" | "已撤盘" | "撤销" | "已撤销" | "下架" | "已下架" | "停售"
        | "停租" | "撤单" | "offmarket" | "withdraw" => Withdrawn,
        _ => return None,
    })
}

/// The broad type, where the word says the trade as well as the use.
pub fn property_type(cell: &str) -> Option<PropertyType> {
    use PropertyType::*;
    Some(match word(cell).as_ref() {
        "residential" | "出售" | "二手" | "二手房" | "住宅" | "买卖" | "sale" | "forsale"
        | "普通住宅" | "新房" | "住宅出售" => Residential,
        "residentiallease" | "出租" | "租赁" | "租房" | "整租" | "合租" | "rent" | "rental"
        | "lease" | "forrent" | "tolet" | "住宅出租" => ResidentialLease,
        "residentialincome" | "multifamily" => ResidentialIncome,
        "commercialsale" | "commercial" | "商业" | "商铺" | "写字楼" | "商铺出售"
        | "写字楼出售" | "商业出售" | "商铺售" | "写字楼售" => CommercialSale,
        "commerciallease" | "商铺出租" | "写字楼出租" | "商业出租" | "商铺租" | "写字楼租" => {
            CommercialLease
        }
        "businessopportunity" | "生意转让" | "转让" => BusinessOpportunity,
        "farm" | "农场" => Farm,
        "land" | "土地" | "lot" | "vacantland" => Land,
        "manufacturedinpark" => ManufacturedInPark,
        _ => return None,
    })
}

/// The type of home or premises, in RESO's words.
pub fn property_sub_type(cell: &str) -> Option<&'static str> {
    Some(match word(cell).as_ref() {
        "apartment" | "普通住宅" | "住宅" | "公寓" | "u" | "flat" | "unit" | "apartments"
        | "公寓住宅" | "酒店式公寓" | "商品住宅" | "loft" | "洋房" | "经济适用房" => {
            "Apartment"
        }
        "duplex" => "Duplex",
        "condominium" | "condo" => "Condominium",
        "villa"
        | "别墅"
        | "h"
        | "house"
        | "独栋"
        | "独栋别墅"
        | "singlefamilyresidence"
        | "singlefamily"
        | "detached"
        | "cottage"
        | "四合院"
        | "平房"
        | "独立屋"
        | "双拼别墅"
        | "双拼" => "SingleFamilyResidence",
        "townhouse" | "t" | "联排" | "联排别墅" | "叠拼" | "叠拼别墅" | "叠加别墅" | "terrace"
        | "terraced" | "rowhouse" | "semidetached" => "Townhouse",
        "office" | "写字楼" | "办公" | "办公楼" => "Office",
        "retail" | "commercial" | "商铺" | "商业" | "店铺" | "shop" | "底商" | "门面"
        | "商业类" => "Retail",
        "industrial" | "厂房" | "工业" | "factory" => "Industrial",
        "warehouse" | "仓库" | "仓储" => "Warehouse",
        "deededparking" | "车位" | "车库" | "parking" | "carspace" => "DeededParking",
        "mixeduse" | "商住" | "商住两用" | "商住楼" | "商住公寓" => "MixedUse",
        "hotelmotel" | "酒店" | "旅馆" | "hotel" => "HotelMotel",
        "cabin" | "木屋" => "Cabin",
        "multifamily" => "MultiFamily",
        "triplex" => "Triplex",
        "quadruplex" => "Quadruplex",
        "manufacturedhome" | "mobilehome" => "ManufacturedHome",
        "stockcooperative" | "coop" => "StockCooperative",
        "timeshare" => "Timeshare",
        "unimprovedland" | "土地" | "land" => "UnimprovedLand",
        "farm" => "Farm",
        "ranch" => "Ranch",
        "agriculture" => "Agriculture",
        "business" => "Business",
        _ => return None,
    })
}

/// The line of business.
pub fn business_line(cell: &str) -> Option<BusinessLine> {
    use BusinessLine::*;
    Some(match word(cell).as_ref() {
        "resale" | "二手房" | "二手" | "存量房" | "出售" | "买卖" | "sale" | "forsale" => {
            Resale
        }
        "new" | "新房" | "一手房" | "一手" | "新盘" | "newhome" | "newhomes" | "newbuild" => {
            New
        }
        "rental" | "租赁" | "出租" | "租房" | "整租" | "合租" | "rent" | "lease" | "forrent"
        | "tolet" | "lettings" => Rental,
        "renovation" | "装修" | "家装" => Renovation,
        _ => return None,
    })
}

/// What the quoted price is a price of.
pub fn price_basis(cell: &str) -> Option<PriceBasis> {
    use PriceBasis::*;
    Some(match word(cell).as_ref() {
        "total" | "总价" | "全价" | "整套" => Total,
        "unit" | "单价" | "均价" | "peraream2" | "persqm" => Unit,
        "rentmonth" | "月租" | "月租金" | "租金" | "permonth" | "rent" | "monthly" => {
            RentMonth
        }
        _ => return None,
    })
}

/// Fixed or negotiable.
pub fn price_mode(cell: &str) -> Option<PriceMode> {
    Some(match word(cell).as_ref() {
        "fixed" | "一口价" | "不议价" | "不二价" | "固定" => PriceMode::Fixed,
        "negotiable" | "议价" | "可议" | "可议价" | "可谈" | "面议" | "ono" | "offersover" => {
            PriceMode::Negotiable
        }
        _ => return None,
    })
}

/// How often rent is paid.
pub fn frequency(cell: &str) -> Option<Frequency> {
    use Frequency::*;
    Some(match word(cell).as_ref() {
        "daily" | "日" | "天" | "每天" | "每日" | "日租" | "perday" | "元/天" => Daily,
        "weekly" | "周" | "每周" | "perweek" | "pw" | "周付" => Weekly,
        "monthly" | "月" | "每月" | "月付" | "月付价" | "月租" | "permonth" | "pcm" | "元/月" => {
            Monthly
        }
        "quarterly" | "季" | "季度" | "季付" | "季付价" | "每季" | "每季度" | "perquarter" => {
            Quarterly
        }
        "semiannually" | "半年" | "半年付" | "半年付价" | "每半年" => SemiAnnually,
        "annually" | "年" | "每年" | "年付" | "年付价" | "peryear" | "perannum" | "yearly"
        | "pa" | "元/年" => Annually,
        _ => return None,
    })
}

/// Whole or shared.
pub fn rent_mode(cell: &str) -> Option<RentMode> {
    Some(match word(cell).as_ref() {
        "whole" | "整租" | "整套出租" | "entire" | "entirehome" => RentMode::Whole,
        "shared" | "合租" | "单间出租" | "分租" | "share" | "room" => RentMode::Shared,
        _ => return None,
    })
}

/// State of decoration.
pub fn decoration(cell: &str) -> Option<Decoration> {
    use Decoration::*;
    Some(match word(cell).as_ref() {
        "bare" | "rough" | "毛坯" | "毛坯房" | "清水" | "清水房" | "unfurnishedshell" => {
            Bare
        }
        "simple" | "简装" | "简装修" | "简单装修" | "中装" | "普通装修" | "中等装修" => {
            Simple
        }
        "fine" | "精装" | "精装修" | "精装房" => Fine,
        "luxury" | "豪装" | "豪华装修" | "豪华" => Luxury,
        "other" | "其他" | "其它" => Other,
        _ => return None,
    })
}

/// Form of the building.
pub fn building_form(cell: &str) -> Option<BuildingForm> {
    use BuildingForm::*;
    Some(match word(cell).as_ref() {
        "slab" | "板楼" | "板式" => Slab,
        "tower" | "塔楼" | "塔式" | "点式" => Tower,
        "slabtower" | "板塔结合" | "塔板结合" => SlabTower,
        "bungalow" | "平房" => Bungalow,
        "villa" | "别墅" | "联排别墅" | "叠拼别墅" | "独栋别墅" | "双拼别墅" | "联排" | "叠拼"
        | "独栋" | "双拼" => Villa,
        "other" | "其他" | "其它" => Other,
        _ => return None,
    })
}

/// How long the owner has held the home.
pub fn holding(cell: &str) -> Option<Holding> {
    use Holding::*;
    Some(match word(cell).as_ref() {
        "fiveonly" | "满五唯一" | "满五年唯一" | "满五且唯一" => FiveOnly,
        "five" | "满五年" | "满五" | "房本满五年" | "满5年" | "满5" => Five,
        "two" | "满两年" | "满二" | "满二年" | "满两" | "房本满两年" | "满2年" | "满2" => {
            Two
        }
        "undertwo" | "未满两年" | "未满二年" | "不满两年" | "不满二" | "未满2年" | "不满2年" => {
            UnderTwo
        }
        _ => return None,
    })
}

/// Active or inactive, of agents and offices.
pub fn member_status(cell: &str) -> Option<MemberStatus> {
    Some(match word(cell).as_ref() {
        "active" | "在职" | "在岗" | "正常" | "营业" | "营业中" | "正常营业" | "开业" | "试用"
        | "试用期" => MemberStatus::Active,
        "inactive" | "leave" | "onleave" | "离职" | "已离职" | "休假" | "停职" | "停薪留职"
        | "停业" | "关店" | "闭店" | "已关闭" | "注销" | "left" | "terminated" => {
            MemberStatus::Inactive
        }
        _ => return None,
    })
}

/// What a medium is.
pub fn media_kind(cell: &str) -> Option<MediaKind> {
    Some(match word(cell).as_ref() {
        "photo" | "photos" | "图片" | "照片" | "实景图" | "实拍" | "实拍图" | "实景照片"
        | "室内图" | "image" | "picture" | "jpg" | "jpeg" | "png" => MediaKind::Photo,
        "video" | "视频" | "mp4" | "短视频" | "看房视频" => MediaKind::Video,
        "vr" | "全景" | "全景图" | "vr看房" | "vr图" | "360" | "virtualtour" | "tour" => {
            MediaKind::Vr
        }
        "plan" | "户型图" | "户型" | "平面图" | "floorplan" => MediaKind::Plan,
        _ => return None,
    })
}

/// Melbourne-style codes of how a sale went, in words: `S` sold, `SP` sold prior, `PI` passed in.
pub fn sale_method(cell: &str) -> Option<&'static str> {
    Some(match trim(cell) {
        "S" => "property sold",
        "SP" => "property sold prior",
        "PI" => "property passed in",
        "PN" => "sold prior not disclosed",
        "SN" => "sold not disclosed",
        "NB" => "no bid",
        "VB" => "vendor bid",
        "W" => "withdrawn prior to auction",
        "SA" => "sold after auction",
        "SS" => "sold after auction price not disclosed",
        _ => return None,
    })
}

/// The status a sale method leaves the listing in.
pub fn sale_method_status(cell: &str) -> Option<StandardStatus> {
    Some(match trim(cell) {
        "S" | "SP" | "PN" | "SN" | "SA" | "SS" => StandardStatus::Closed,
        "PI" | "NB" | "VB" => StandardStatus::Active,
        "W" => StandardStatus::Withdrawn,
        _ => return None,
    })
}

/// Yes or no: 是否, 有无, true/false, Y/N, 1/0, and phrases that begin so (有电梯, 未上传房本照片, 非共有).
pub fn yes_no(cell: &str) -> Option<bool> {
    let text = trim(cell);
    match text {
        "true" | "1" | "是" | "有" => return Some(true),
        "false" | "0" | "否" | "无" => return Some(false),
        _ => {}
    }
    Some(match word(text).as_ref() {
        "true" | "1" | "yes" | "y" | "t" | "1.0" | "√" | "✓" | "✔" | "对" | "有电梯" | "共有"
        | "满" | "on" => true,
        "false" | "0" | "no" | "n" | "f" | "0.0" | "×" | "✗" | "✘" | "不是" | "没有" | "没"
        | "无电梯" | "非共有" | "off" | "none" => false,
        phrase => return phrase_yes_no(phrase),
    })
}

fn phrase_yes_no(phrase: &str) -> Option<bool> {
    // the longer beginnings first: 无 also begins 无法, which says nothing
    const BEGINNINGS: &[(&str, bool)] = &[
        ("已上传", true),
        ("未上传", false),
        ("没有", false),
        ("有", true),
        ("已有", true),
        ("无法", true),
        ("无", false),
        ("配备", true),
        ("未配备", false),
    ];
    let (beginning, answer) = BEGINNINGS
        .iter()
        .find(|(beginning, _)| phrase.starts_with(beginning))?;
    let doubtful = matches!(*beginning, "无法")
        || phrase.contains("有无")
        || phrase.starts_with("有限")
        || phrase.chars().count() > 12;
    (!doubtful).then_some(*answer)
}

/// Lifts to homes on one floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiftRatio {
    /// Lifts.
    pub lifts: i64,
    /// Homes.
    pub homes: i64,
}

impl std::fmt::Display for LiftRatio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.lifts, self.homes)
    }
}

/// Reads 两梯四户 or `2:4`.
pub fn lift_ratio(cell: &str) -> Option<LiftRatio> {
    let text = narrow(trim(cell));
    let (lifts, rest) = leading_small(&text)?;
    let plain = rest.strip_prefix(':');
    let rest = plain.or_else(|| rest.strip_prefix("梯"))?;
    let (homes, rest) = leading_small(rest)?;
    let ends = if plain.is_some() {
        rest.is_empty()
    } else {
        rest == "户"
    };
    (ends && homes > 0).then_some(LiftRatio { lifts, homes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_of_the_generator() {
        use StandardStatus::*;
        for (cell, expected) in [
            ("active", Active),
            ("pending", Pending),
            ("sold", Closed),
            ("withdrawn", Withdrawn),
            ("draft", Incomplete),
        ] {
            assert_eq!(standard_status(cell), Some(expected), "{cell}");
        }
        let types = [
            ("apartment", "Apartment"),
            ("loft", "Apartment"),
            ("villa", "SingleFamilyResidence"),
            ("townhouse", "Townhouse"),
            ("commercial", "Retail"),
            ("office", "Office"),
        ];
        for (cell, expected) in types {
            assert_eq!(property_sub_type(cell), Some(expected), "{cell}");
        }
        let decorations = [
            ("fine", Some(Decoration::Fine)),
            ("simple", Some(Decoration::Simple)),
            ("rough", Some(Decoration::Bare)),
            ("luxury", Some(Decoration::Luxury)),
            ("unknown", None),
        ];
        for (cell, expected) in decorations {
            assert_eq!(decoration(cell), expected, "{cell}");
        }
        for (cell, expected) in [
            ("total", PriceBasis::Total),
            ("unit", PriceBasis::Unit),
            ("rent_month", PriceBasis::RentMonth),
        ] {
            assert_eq!(price_basis(cell), Some(expected), "{cell}");
        }
        assert_eq!(member_status("leave"), Some(MemberStatus::Inactive));
    }

    #[test]
    fn words_of_the_portals() {
        assert_eq!(standard_status("已成交"), Some(StandardStatus::Closed));
        assert_eq!(
            standard_status("Active Under Contract"),
            Some(StandardStatus::ActiveUnderContract)
        );
        assert_eq!(
            standard_status("ActiveUnderContract"),
            Some(StandardStatus::ActiveUnderContract)
        );
        assert_eq!(property_type("出租"), Some(PropertyType::ResidentialLease));
        assert_eq!(property_sub_type("普通住宅"), Some("Apartment"));
        assert_eq!(property_sub_type("h"), Some("SingleFamilyResidence"));
        assert_eq!(property_sub_type("u"), Some("Apartment"));
        assert_eq!(property_sub_type("t"), Some("Townhouse"));
        assert_eq!(property_sub_type("商住两用"), Some("MixedUse"));
        assert_eq!(property_sub_type("车位"), Some("DeededParking"));
        assert_eq!(property_sub_type("Duplex"), Some("Duplex"));
        assert_eq!(decoration(" 精装 "), Some(Decoration::Fine));
        assert_eq!(decoration("毛坯"), Some(Decoration::Bare));
        assert_eq!(building_form("板塔结合"), Some(BuildingForm::SlabTower));
        assert_eq!(building_form(" 联排别墅 "), Some(BuildingForm::Villa));
        assert_eq!(holding("满五年"), Some(Holding::Five));
        assert_eq!(holding("未满两年"), Some(Holding::UnderTwo));
        assert_eq!(rent_mode("整租"), Some(RentMode::Whole));
        assert_eq!(frequency("季付价"), Some(Frequency::Quarterly));
        assert_eq!(frequency("(半年付价)"), Some(Frequency::SemiAnnually));
        assert_eq!(price_mode("一口价"), Some(PriceMode::Fixed));
        assert_eq!(business_line("二手房"), Some(BusinessLine::Resale));
        assert_eq!(media_kind("户型图"), Some(MediaKind::Plan));
        assert_eq!(sale_method_status("PI"), Some(StandardStatus::Active));
        for cell in ["", "暂无数据", "民水", "2018-08-25", "南北"] {
            assert_eq!(standard_status(cell), None, "{cell:?}");
            assert_eq!(decoration(cell), None, "{cell:?}");
            assert_eq!(property_sub_type(cell), None, "{cell:?}");
        }
    }

    #[test]
    fn codes_read_themselves() {
        for code in StandardStatus::ALL {
            assert_eq!(standard_status(code.as_str()), Some(*code));
        }
        for code in PropertyType::ALL {
            assert_eq!(property_type(code.as_str()), Some(*code));
        }
        for code in BusinessLine::ALL {
            assert_eq!(business_line(code.as_str()), Some(*code));
        }
        for code in PriceBasis::ALL {
            assert_eq!(price_basis(code.as_str()), Some(*code));
        }
        for code in PriceMode::ALL {
            assert_eq!(price_mode(code.as_str()), Some(*code));
        }
        for code in Frequency::ALL {
            assert_eq!(frequency(code.as_str()), Some(*code));
        }
        for code in RentMode::ALL {
            assert_eq!(rent_mode(code.as_str()), Some(*code));
        }
        for code in Decoration::ALL {
            assert_eq!(decoration(code.as_str()), Some(*code));
        }
        for code in BuildingForm::ALL {
            assert_eq!(building_form(code.as_str()), Some(*code));
        }
        for code in Holding::ALL {
            assert_eq!(holding(code.as_str()), Some(*code));
        }
        for code in MemberStatus::ALL {
            assert_eq!(member_status(code.as_str()), Some(*code));
        }
        for code in MediaKind::ALL {
            assert_eq!(media_kind(code.as_str()), Some(*code));
        }
    }

    #[test]
    fn answers() {
        for cell in [
            "是",
            "有",
            "true",
            "TRUE",
            "Y",
            "yes",
            "1",
            " 有电梯",
            "已上传房本照片",
            "共有",
            "有抵押87万元",
            "１",
            "1.0",
        ] {
            assert_eq!(yes_no(cell), Some(true), "{cell:?}");
        }
        for cell in [
            "否",
            "无",
            "false",
            "N",
            "no",
            "0",
            "无电梯",
            "未上传房本照片",
            "非共有",
            "无抵押",
            "没有",
        ] {
            assert_eq!(yes_no(cell), Some(false), "{cell:?}");
        }
        for cell in [
            "",
            "暂无数据",
            "2",
            "精装",
            "无法确认",
            "有限公司",
            "有无电梯",
            "未知",
        ] {
            assert_eq!(yes_no(cell), None, "{cell:?}");
        }
    }

    #[test]
    fn lifts() {
        for (cell, expected) in [
            ("两梯四户", "2:4"),
            ("一梯两户", "1:2"),
            ("四梯十一户", "4:11"),
            ("2梯4户", "2:4"),
            ("2:4", "2:4"),
            ("三梯二十三户", "3:23"),
        ] {
            assert_eq!(
                lift_ratio(cell).map(|ratio| ratio.to_string()).as_deref(),
                Some(expected),
                "{cell}"
            );
        }
        for cell in ["", "暂无数据", "两梯", "2:", "两梯零户", "4户"] {
            assert_eq!(lift_ratio(cell), None, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(text in ".{0,30}") {
            let _ = (standard_status(&text), property_type(&text), property_sub_type(&text), yes_no(&text), lift_ratio(&text));
            let _ = (frequency(&text), decoration(&text), holding(&text), sale_method(&text));
        }
    }
}
