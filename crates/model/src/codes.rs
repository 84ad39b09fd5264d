//! Closed lists of words. The spelling is the one on the wire: RESO lookup values where RESO has
//! them, lower-case words elsewhere.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* #[doc = concat!("`", $text, "`")] $variant),+ }

        impl $name {
            /// Every word of the list, in its order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $text),+ }
            }

            /// Reads the word as it stands on the wire, exactly.
            pub fn from_code(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$variant),)+ _ => None }
            }
        }
    )+};
}

codes! {
    /// RESO `StandardStatus`.
    StandardStatus {
        Active = "Active", ActiveUnderContract = "ActiveUnderContract", Canceled = "Canceled", Closed = "Closed",
        ComingSoon = "ComingSoon", Delete = "Delete", Expired = "Expired", Hold = "Hold", Incomplete = "Incomplete",
        Pending = "Pending", Withdrawn = "Withdrawn",
    }
    /// RESO `PropertyType`.
    PropertyType {
        Residential = "Residential", ResidentialLease = "ResidentialLease", ResidentialIncome = "ResidentialIncome",
        CommercialSale = "CommercialSale", CommercialLease = "CommercialLease", BusinessOpportunity = "BusinessOpportunity",
        Farm = "Farm", Land = "Land", ManufacturedInPark = "ManufacturedInPark",
    }
    /// The line of business: 二手房, 新房, 租赁, 装修.
    BusinessLine { Resale = "resale", New = "new", Rental = "rental", Renovation = "renovation" }
    /// What the quoted price is a price of. A unit price is converted on reading.
    PriceBasis { Total = "total", Unit = "unit", RentMonth = "rent_month" }
    /// 一口价 or 议价.
    PriceMode { Fixed = "fixed", Negotiable = "negotiable" }
    /// RESO `LeaseAmountFrequency`, the values in use.
    Frequency {
        Daily = "Daily", Weekly = "Weekly", Monthly = "Monthly", Quarterly = "Quarterly", SemiAnnually = "SemiAnnually",
        Annually = "Annually",
    }
    /// 整租 or 合租.
    RentMode { Whole = "whole", Shared = "shared" }
    /// RESO `AreaUnits`.
    AreaUnit { SquareMeters = "SquareMeters", SquareFeet = "SquareFeet", Acres = "Acres" }
    /// Where in its building a home lies: 地下, 底, 低, 中, 高, 顶.
    FloorBand { Basement = "basement", Bottom = "bottom", Low = "low", Mid = "mid", High = "high", Top = "top" }
    /// RESO `DirectionFaces`.
    Direction {
        North = "North", Northeast = "Northeast", East = "East", Southeast = "Southeast", South = "South",
        Southwest = "Southwest", West = "West", Northwest = "Northwest",
    }
    /// 毛坯, 简装, 精装, 豪装, 其他.
    Decoration { Bare = "bare", Simple = "simple", Fine = "fine", Luxury = "luxury", Other = "other" }
    /// 板楼, 塔楼, 板塔结合, 平房, 别墅 and their kin.
    BuildingForm { Slab = "slab", Tower = "tower", SlabTower = "slab_tower", Bungalow = "bungalow", Villa = "villa", Other = "other" }
    /// 满五唯一, 满五年, 满两年, 未满两年: how long the owner has held the home, which decides taxes.
    Holding { FiveOnly = "five_only", Five = "five", Two = "two", UnderTwo = "under_two" }
    /// RESO `MemberStatus` and `OfficeStatus`.
    MemberStatus { Active = "Active", Inactive = "Inactive" }
    /// What a medium is.
    MediaKind { Photo = "photo", Video = "video", Vr = "vr", Plan = "plan" }
    /// Whether a listing's truth has been looked into.
    Verification { Unverified = "unverified", Verified = "verified" }
}
