//! A listing: one home offered by one agent through one system. Field names are RESO's in snake_case
//! (RESO Data Dictionary 2.0, resource Property); what RESO lacks has a plain name.

use jiff::{Timestamp, civil::Date};
use rust_decimal::Decimal;

use crate::codes::*;
use crate::field::{Field, Kind, Storage, Value};
use crate::money::Currency;

/// How one kind of field is kept in the struct, read out as a [`Value`] and set from one.
macro_rules! held {
    (Text) => { String };
    (List) => { String };
    (Integer) => { Option<i64> };
    (Decimal) => { Option<Decimal> };
    (Money) => { Option<i64> };
    (Area) => { Option<i64> };
    (Date) => { Option<Date> };
    (Instant) => { Option<Timestamp> };
    (Flag) => { Option<bool> };
    ($code:ty) => { Option<$code> };
}
macro_rules! kind {
    (Text) => {
        Kind::Text
    };
    (List) => {
        Kind::List
    };
    (Integer) => {
        Kind::Integer
    };
    (Decimal) => {
        Kind::Decimal
    };
    (Money) => {
        Kind::Money
    };
    (Area) => {
        Kind::Area
    };
    (Date) => {
        Kind::Date
    };
    (Instant) => {
        Kind::Instant
    };
    (Flag) => {
        Kind::Flag
    };
    ($code:ty) => {
        Kind::Code
    };
}
macro_rules! get {
    (Text, $v:expr) => {
        if $v.is_empty() {
            Value::Null
        } else {
            Value::Text(&$v)
        }
    };
    (List, $v:expr) => {
        if $v.is_empty() {
            Value::Null
        } else {
            Value::List(&$v)
        }
    };
    (Integer, $v:expr) => {
        $v.map_or(Value::Null, Value::Integer)
    };
    (Decimal, $v:expr) => {
        $v.map_or(Value::Null, Value::Decimal)
    };
    (Money, $v:expr) => {
        $v.map_or(Value::Null, Value::Money)
    };
    (Area, $v:expr) => {
        $v.map_or(Value::Null, Value::Area)
    };
    (Date, $v:expr) => {
        $v.map_or(Value::Null, Value::Date)
    };
    (Instant, $v:expr) => {
        $v.map_or(Value::Null, Value::Instant)
    };
    (Flag, $v:expr) => {
        $v.map_or(Value::Null, Value::Flag)
    };
    ($code:ty, $v:expr) => {
        $v.as_ref()
            .map_or(Value::Null, |code| Value::Text(code.as_str()))
    };
}
macro_rules! set {
    (Text, $slot:expr, $v:expr) => {
        if let Value::Text(text) | Value::List(text) = $v {
            $slot.push_str(text)
        }
    };
    (List, $slot:expr, $v:expr) => {
        if let Value::Text(text) | Value::List(text) = $v {
            $slot.push_str(text)
        }
    };
    (Integer, $slot:expr, $v:expr) => {
        $slot = if let Value::Integer(n) = $v {
            Some(n)
        } else {
            None
        }
    };
    (Decimal, $slot:expr, $v:expr) => {
        $slot = if let Value::Decimal(n) = $v {
            Some(n)
        } else {
            None
        }
    };
    (Money, $slot:expr, $v:expr) => {
        $slot = if let Value::Money(n) | Value::Integer(n) = $v {
            Some(n)
        } else {
            None
        }
    };
    (Area, $slot:expr, $v:expr) => {
        $slot = if let Value::Area(n) | Value::Integer(n) = $v {
            Some(n)
        } else {
            None
        }
    };
    (Date, $slot:expr, $v:expr) => {
        $slot = if let Value::Date(d) = $v {
            Some(d)
        } else {
            None
        }
    };
    (Instant, $slot:expr, $v:expr) => {
        $slot = if let Value::Instant(t) = $v {
            Some(t)
        } else {
            None
        }
    };
    (Flag, $slot:expr, $v:expr) => {
        $slot = if let Value::Flag(b) = $v {
            Some(b)
        } else {
            None
        }
    };
    ($code:ty, $slot:expr, $v:expr) => {
        $slot = if let Value::Text(text) = $v {
            <$code>::from_code(text)
        } else {
            None
        }
    };
}
macro_rules! clear {
    (Text, $slot:expr) => {
        $slot.clear()
    };
    (List, $slot:expr) => {
        $slot.clear()
    };
    ($other:ty, $slot:expr) => {
        $slot = None
    };
}

macro_rules! listing {
    ($($name:ident $variant:ident: $kind:tt, $storage:ident, $reso:literal, $about:literal;)+) => {
        /// One listing, normalised. Text and lists are empty where the value is absent; a record is
        /// reused row after row, so [`Listing::clear`] keeps the room its texts have taken.
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct Listing { $(#[doc = $about] pub $name: held!($kind)),+ }

        /// Names one field of a [`Listing`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum ListingField { $(#[doc = $about] $variant),+ }

        impl ListingField {
            /// Every field, in the order in which records are written.
            pub const ALL: &'static [ListingField] = &[$(ListingField::$variant),+];

            /// What the field is.
            pub fn field(self) -> &'static Field {
                const FIELDS: &[Field] = &[$(Field {
                    name: stringify!($name), reso: $reso, kind: kind!($kind), storage: Storage::$storage, about: $about,
                }),+];
                &FIELDS[self as usize]
            }

            /// The field's name on the wire.
            pub fn name(self) -> &'static str {
                self.field().name
            }

            /// Finds a field by its name on the wire.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $(stringify!($name) => Some(ListingField::$variant),)+ _ => None }
            }
        }

        impl Listing {
            /// Reads one field.
            pub fn get(&self, field: ListingField) -> Value<'_> {
                match field { $(ListingField::$variant => get!($kind, self.$name)),+ }
            }

            /// Sets one field from a stored value; a value of another kind leaves it absent.
            pub fn set(&mut self, field: ListingField, value: Value<'_>) {
                match field { $(ListingField::$variant => { clear!($kind, self.$name); set!($kind, self.$name, value) }),+ }
            }

            /// Makes every field absent.
            pub fn clear(&mut self) {
                $(clear!($kind, self.$name);)+
            }
        }
    };
}

// Money is in minor units of `currency`; areas are hundredths of their unit field.
listing! {
    originating_system_name OriginatingSystemName: Text, Column, "OriginatingSystemName", "System the record comes from";
    originating_system_key OriginatingSystemKey: Text, Column, "OriginatingSystemKey", "The record's key in that system, or a hash of what does not change";
    listing_id ListingId: Text, Column, "ListingId", "Id as the input wrote it";
    title Title: Text, Column, "", "Title of the advert (标题)";
    standard_status StandardStatus: StandardStatus, Column, "StandardStatus", "Where the listing stands in its life";
    mls_status MlsStatus: Text, Detail, "MlsStatus", "The source's own word for the status";
    business_line BusinessLine: BusinessLine, Column, "", "Resale, new, rental or renovation";
    property_type PropertyType: PropertyType, Column, "PropertyType", "Broad type of property and trade";
    property_sub_type PropertySubType: Text, Column, "PropertySubType", "Type of home or premises";
    subdivision_name SubdivisionName: Text, Column, "SubdivisionName", "Community, complex (小区)";
    building_name BuildingName: Text, Column, "BuildingName", "Building within the community (楼栋)";
    entrance Entrance: Text, Detail, "", "Entrance of the building (单元)";
    unit_number UnitNumber: Text, Sealed, "UnitNumber", "Door number (房号); private";
    unparsed_address UnparsedAddress: Text, Sealed, "UnparsedAddress", "Address in one text; private";
    street_name StreetName: Text, Detail, "StreetName", "Street";
    street_number StreetNumber: Text, Sealed, "StreetNumber", "House number on the street; private";
    city City: Text, Column, "City", "City";
    county_or_parish CountyOrParish: Text, Column, "CountyOrParish", "District (区县)";
    state_or_province StateOrProvince: Text, Detail, "StateOrProvince", "State or province";
    postal_code PostalCode: Text, Detail, "PostalCode", "Postal code";
    country Country: Text, Detail, "Country", "Country, ISO 3166-1 alpha-2";
    mls_area_major MlsAreaMajor: Text, Column, "MLSAreaMajor", "Business area (商圈, 板块)";
    mls_area_minor MlsAreaMinor: Text, Detail, "MLSAreaMinor", "Ring road or smaller area (环线)";
    latitude Latitude: Decimal, Detail, "Latitude", "Degrees north, in the datum of geo_datum";
    longitude Longitude: Decimal, Detail, "Longitude", "Degrees east, in the datum of geo_datum";
    geo_datum GeoDatum: Text, Detail, "", "WGS-84, GCJ-02 or BD-09";
    distance_to_center DistanceToCenter: Decimal, Detail, "", "Distance to the city centre as the source gives it";
    list_price ListPrice: Money, Column, "ListPrice", "Asking price of the whole home";
    original_list_price OriginalListPrice: Money, Detail, "OriginalListPrice", "First asking price";
    previous_list_price PreviousListPrice: Money, Detail, "PreviousListPrice", "Asking price before the last change";
    close_price ClosePrice: Money, Column, "ClosePrice", "Price of the closed deal";
    lease_amount LeaseAmount: Money, Column, "LeaseAmount", "Rent for one lease_amount_frequency";
    lease_amount_frequency LeaseAmountFrequency: Frequency, Detail, "LeaseAmountFrequency", "What the rent is paid for";
    unit_price UnitPrice: Money, Column, "", "Price for one unit of area, given or derived";
    currency Currency: Currency, Column, "", "ISO 4217 code of every amount in the record";
    price_basis PriceBasis: PriceBasis, Column, "", "What the quoted price was a price of";
    price_mode PriceMode: PriceMode, Column, "", "Fixed or negotiable";
    deposit Deposit: Money, Detail, "", "Deposit (押金)";
    rent_mode RentMode: RentMode, Detail, "", "Whole or shared (整租, 合租)";
    rent_terms RentTerms: Text, Detail, "", "Terms of payment (押一付三)";
    down_payment DownPayment: Money, Detail, "", "Down payment (首付)";
    taxes Taxes: Money, Detail, "", "Taxes as the source estimates them (税费)";
    association_fee AssociationFee: Decimal, Detail, "AssociationFee", "Management fee as written (物业费)";
    fee_statement FeeStatement: Text, Detail, "", "Agency fee and its basis (佣金说明)";
    building_area_total BuildingAreaTotal: Area, Column, "BuildingAreaTotal", "Gross area (建筑面积)";
    building_area_units BuildingAreaUnits: AreaUnit, Column, "BuildingAreaUnits", "Unit of the gross area";
    living_area LivingArea: Area, Column, "LivingArea", "Inner area (套内面积)";
    living_area_units LivingAreaUnits: AreaUnit, Column, "LivingAreaUnits", "Unit of the inner area";
    lot_size_area LotSizeArea: Area, Detail, "LotSizeArea", "Area of the land";
    lot_size_units LotSizeUnits: AreaUnit, Detail, "LotSizeUnits", "Unit of the land's area";
    above_grade_area AboveGradeArea: Area, Detail, "AboveGradeFinishedArea", "Area above ground";
    below_grade_area BelowGradeArea: Area, Detail, "BelowGradeFinishedArea", "Area below ground";
    bedrooms_total BedroomsTotal: Integer, Column, "BedroomsTotal", "Bedrooms (室)";
    living_rooms LivingRooms: Integer, Column, "", "Living rooms (厅)";
    kitchens Kitchens: Integer, Column, "", "Kitchens (厨)";
    bathrooms_total_integer BathroomsTotalInteger: Integer, Column, "BathroomsTotalInteger", "Bathrooms (卫), each part counted as one";
    bathrooms_full BathroomsFull: Integer, Detail, "BathroomsFull", "Full bathrooms";
    bathrooms_half BathroomsHalf: Integer, Detail, "BathroomsHalf", "Half bathrooms";
    balconies Balconies: Integer, Detail, "", "Balconies (阳台)";
    rooms_total RoomsTotal: Integer, Detail, "RoomsTotal", "Rooms";
    studio Studio: Flag, Detail, "", "One room for all (开间)";
    entry_level EntryLevel: Integer, Column, "EntryLevel", "Floor of the home; basements are negative";
    floor_band FloorBand: FloorBand, Column, "", "Where in its building the home lies";
    stories_total StoriesTotal: Integer, Column, "StoriesTotal", "Floors of the building";
    stories Stories: Decimal, Detail, "Stories", "Floors inside the home";
    levels Levels: Text, Detail, "Levels", "Inner structure (平层, 复式, 跃层, 错层)";
    year_built YearBuilt: Integer, Column, "YearBuilt", "Year the building was finished";
    year_renovated YearRenovated: Integer, Detail, "", "Year of the last renovation";
    direction_faces DirectionFaces: Direction, Detail, "DirectionFaces", "The first direction the home faces";
    orientation Orientation: List, Column, "", "Every direction the home faces";
    decoration Decoration: Decoration, Column, "", "State of decoration (装修)";
    building_form BuildingForm: BuildingForm, Detail, "", "Form of the building (板楼, 塔楼)";
    structure Structure: Text, Detail, "", "Structure of the building (钢混, 砖混)";
    elevator Elevator: Flag, Column, "", "Whether the building has a lift";
    lift_ratio LiftRatio: Text, Detail, "", "Lifts to homes a floor: 两梯四户 is 2:4";
    heating Heating: Text, Detail, "Heating", "Heating";
    cooling Cooling: Text, Detail, "Cooling", "Cooling";
    parking_total ParkingTotal: Integer, Detail, "ParkingTotal", "Parking places";
    parking Parking: Text, Detail, "", "Parking in words";
    water Water: Text, Detail, "", "Water tariff (民水, 商水)";
    electricity Electricity: Text, Detail, "", "Electricity tariff (民电, 商电)";
    gas Gas: Text, Detail, "", "Gas supply";
    furnished Furnished: Text, Detail, "Furnished", "Furniture and appliances";
    condition Condition: Text, Detail, "PropertyCondition", "Condition as the source grades it";
    view View: Text, Detail, "View", "View as the source grades it";
    waterfront Waterfront: Flag, Detail, "WaterfrontYN", "Whether the home lies on water";
    tenure Tenure: Text, Column, "", "Kind of ownership (交易权属)";
    ownership_shared OwnershipShared: Flag, Detail, "", "Whether several own it (产权所属)";
    land_years LandYears: Integer, Detail, "", "Years of the land lease (产权年限)";
    holding Holding: Holding, Column, "", "How long the owner has held it (房屋年限)";
    last_sale_date LastSaleDate: Date, Detail, "", "Date of the sale before (上次交易)";
    mortgage Mortgage: Text, Sealed, "", "Mortgage (抵押信息); private";
    title_uploaded TitleUploaded: Flag, Detail, "", "Whether the ownership certificate is on file (房本备件)";
    verification_code VerificationCode: Text, Detail, "", "City's verification code (房源核验码)";
    school School: Text, Detail, "", "School";
    metro Metro: Text, Column, "", "Metro station, as written";
    metro_line MetroLine: Text, Detail, "", "Metro line";
    metro_distance MetroDistance: Integer, Column, "", "Metres to the metro station";
    tags Tags: List, Column, "", "Tags of the advert";
    public_remarks PublicRemarks: Text, Column, "PublicRemarks", "Text of the advert (房源描述, 核心卖点)";
    private_remarks PrivateRemarks: Text, Sealed, "PrivateRemarks", "Notes among agents; private";
    photos Photos: List, Column, "", "Addresses of the photos";
    photos_count PhotosCount: Integer, Detail, "PhotosCount", "Number of photos";
    url Url: Text, Detail, "", "Page of the advert";
    promoted Promoted: Flag, Detail, "", "Whether the advert is paid for or in a top place (黄金展位)";
    follow_count FollowCount: Integer, Detail, "", "People who follow the listing (关注)";
    showing_count ShowingCount: Integer, Detail, "", "Showings (带看次数)";
    view_count ViewCount: Integer, Detail, "", "Page views";
    published_ago PublishedAgo: Text, Detail, "", "Age of the advert as written (6天以前发布)";
    list_agent_id ListAgentId: Text, Column, "ListAgentMlsId", "Agent, as the source names it";
    list_agent_full_name ListAgentFullName: Text, Detail, "ListAgentFullName", "Agent's business name";
    list_office_id ListOfficeId: Text, Detail, "ListOfficeMlsId", "Office, as the source names it";
    list_office_name ListOfficeName: Text, Detail, "ListOfficeName", "Office's name";
    buyer_agent_id BuyerAgentId: Text, Detail, "BuyerAgentMlsId", "Agent who brought the buyer";
    co_list_agent_id CoListAgentId: Text, Detail, "CoListAgentMlsId", "Second listing agent";
    channel Channel: Text, Column, "", "Channel through which the listing came in";
    on_market_timestamp OnMarketTimestamp: Instant, Column, "OnMarketTimestamp", "When it was put on the market";
    on_market_date OnMarketDate: Date, Column, "OnMarketDate", "Day it was put on the market";
    listing_contract_date ListingContractDate: Date, Detail, "ListingContractDate", "Day the owner commissioned it";
    expiration_date ExpirationDate: Date, Detail, "ExpirationDate", "Day the commission ends";
    close_date CloseDate: Date, Column, "CloseDate", "Day of the closed deal";
    off_market_date OffMarketDate: Date, Detail, "OffMarketDate", "Day it went off the market";
    withdrawn_date WithdrawnDate: Date, Detail, "WithdrawnDate", "Day it was withdrawn";
    purchase_contract_date PurchaseContractDate: Date, Detail, "PurchaseContractDate", "Day of the signed contract (网签)";
    availability_date AvailabilityDate: Date, Detail, "AvailabilityDate", "Day from which it can be moved into";
    lease_term LeaseTerm: Text, Detail, "LeaseTerm", "Length of the lease, as written";
    days_on_market DaysOnMarket: Integer, Detail, "DaysOnMarket", "Days on the market as the source counts them";
    modification_timestamp ModificationTimestamp: Instant, Column, "ModificationTimestamp", "When the source last changed it";
    original_entry_timestamp OriginalEntryTimestamp: Instant, Detail, "OriginalEntryTimestamp", "When it was first entered";
    status_change_timestamp StatusChangeTimestamp: Instant, Detail, "StatusChangeTimestamp", "When its status last changed";
    price_change_timestamp PriceChangeTimestamp: Instant, Detail, "PriceChangeTimestamp", "When its price last changed";
    captured_date CapturedDate: Date, Detail, "", "Day the source was read";
    owner_name OwnerName: Text, Sealed, "OwnerName", "Owner; private";
    owner_phone OwnerPhone: Text, Sealed, "OwnerPhone", "Owner's phone in E.164; private";
    parcel_number ParcelNumber: Text, Sealed, "ParcelNumber", "Land register or certificate number; private";
    extra Extra: Text, Sealed, "", "Columns nobody knows, as a JSON object of header and cell; private";
}
