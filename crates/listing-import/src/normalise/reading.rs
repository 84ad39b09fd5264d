//! One cell's value: read by the kind of the field its column fills. What cannot be read is a finding.

use std::borrow::Cow;

use intake::excel;
use intake::recognise::{self, Recognised};
use intake::rules as fault;
use intake::understand::{BareFloor, Unit};
use memchr::{memchr_iter, memchr3};
use model::codes::*;
use model::field::{Kind, Storage, Value};
use model::listing::{Listing, ListingField};
use model::media::Media;
use model::money::Currency;
use model::number;
use model::rule::{Effect, Finding, Rule};
use model::{codes_text, floor, layout, orientation, phone, text};

use super::{Defaults, Target};
use crate::media::objects;

/// The reading of one record.
pub(super) struct Reading<'a> {
    pub(super) listing: &'a mut Listing,
    pub(super) findings: &'a mut Vec<Finding>,
    pub(super) defaults: &'a Defaults,
    pub(super) extra: Option<serde_json::Map<String, serde_json::Value>>,
    /// Media of which more is told than an address.
    pub(super) media: Vec<Media>,
    /// Whether the record's texts are known to need no tidying but at their ends.
    pub(super) is_tidy: bool,
}

impl<'a> Reading<'a> {
    /// Reads into `listing`.
    pub(super) fn new(
        listing: &'a mut Listing,
        findings: &'a mut Vec<Finding>,
        defaults: &'a Defaults,
    ) -> Self {
        Reading {
            listing,
            findings,
            defaults,
            extra: None,
            media: Vec::new(),
            is_tidy: false,
        }
    }
}

impl Reading<'_> {
    pub(super) fn field(&mut self, field: ListingField, cell: &str, unit: &Unit) {
        match field.field().kind {
            Kind::Text => self.text(field, cell),
            Kind::List => self.list(field, cell),
            Kind::Code => self.code(field, cell),
            Kind::Integer => self.integer(field, cell, unit),
            Kind::Decimal => match number::decimal(cell) {
                // 3.50 and 3.5 are one value.
                Ok(value) => self.listing.set(field, Value::Decimal(value.normalize())),
                Err(error) => self.unreadable(fault::UNREADABLE_NUMBER, field, error.to_string()),
            },
            Kind::Money => self.money(field, cell, unit),
            Kind::Area => self.area(field, cell, unit),
            Kind::Date | Kind::Instant => self.date(field, cell, unit),
            Kind::Flag => match codes_text::yes_no(cell) {
                Some(flag) => self.listing.set(field, Value::Flag(flag)),
                None => self.elsewhere(field, cell),
            },
        }
    }

    /// A trimmed text without line breaks and invisible characters.
    fn tidy<'c>(&self, text: &'c str) -> Cow<'c, str> {
        if self.is_tidy {
            Cow::Borrowed(text)
        } else {
            text::tidy(text)
        }
    }

    fn text(&mut self, field: ListingField, cell: &str) {
        let private = field.field().storage == Storage::Sealed;
        if private && cell.contains('*') {
            return; // masked by an earlier output: the value itself is not here
        }
        match field {
            ListingField::PropertySubType => match codes_text::property_sub_type(cell) {
                Some(word) => self.listing.property_sub_type.push_str(word),
                None => self.listing.property_sub_type.push_str(&text::tidy(cell)),
            },
            ListingField::OwnerPhone => match phone::phone(cell, "CN") {
                Some(phone) => self.listing.owner_phone.push_str(&phone.e164),
                None => {
                    self.listing.owner_phone.push_str(&text::tidy(cell));
                    let rule = excel::excel_damage(cell).unwrap_or(fault::UNREADABLE_CODE);
                    self.finding(rule, field, "");
                }
            },
            ListingField::ListingId
            | ListingField::ListAgentId
            | ListingField::VerificationCode => {
                // A spreadsheet has already lost what was here; the row is kept and the loss told.
                if let Some(rule) = excel::excel_damage(cell) {
                    let mut finding = Finding::new(rule, Some(field.name()), cell);
                    finding.effect = finding.effect.max(Effect::Hold);
                    self.findings.push(finding);
                }
                let text = self.tidy(cell);
                self.listing.set(field, Value::Text(&text));
            }
            ListingField::Metro => self.metro(cell),
            ListingField::LiftRatio => match recognise::ratio(cell) {
                Some((lifts, homes)) => self.listing.lift_ratio = format!("{lifts}:{homes}"),
                None => self.listing.lift_ratio.push_str(&text::tidy(cell)),
            },
            _ => {
                let text = self.tidy(cell);
                self.listing.set(field, Value::Text(&text));
            }
        }
    }

    /// Lists come with any of the usual separators; the store keeps `|`.
    fn list(&mut self, field: ListingField, cell: &str) {
        if field == ListingField::Orientation {
            match orientation::orientation(cell) {
                Some(found) => {
                    self.listing.orientation.clear();
                    found.write_list(&mut self.listing.orientation);
                }
                // `朝` alone says nothing.
                None if cell == "朝" => {}
                None => self.elsewhere(field, cell),
            }
            return;
        }
        if field == ListingField::Photos && objects::holds_objects(cell) {
            return self.media(cell, MediaKind::Photo, Some(field));
        }
        if is_plain_list(cell.as_bytes()) {
            return self.listing.set(field, Value::List(cell));
        }
        let mut joined = std::mem::take(if field == ListingField::Tags {
            &mut self.listing.tags
        } else {
            &mut self.listing.photos
        });
        for item in cell
            .split(['|', ',', '，', '、', ';', '；', '\n'])
            .map(text::trim)
            .filter(|item| !item.is_empty())
        {
            if !joined.is_empty() {
                joined.push('|');
            }
            joined.push_str(item);
        }
        *(if field == ListingField::Tags {
            &mut self.listing.tags
        } else {
            &mut self.listing.photos
        }) = joined;
    }

    /// Reads photos, videos or tours; the addresses of photos are a field of the listing too. What cannot be
    /// read of them is no reason to refuse the listing.
    pub(super) fn media(&mut self, cell: &str, kind: MediaKind, field: Option<ListingField>) {
        let first = (self.media.len(), self.findings.len());
        objects::read(cell, kind, field, &mut self.media, self.findings);
        for finding in &mut self.findings[first.1..] {
            finding.effect = finding.effect.max(Effect::Warn);
        }
        if field == Some(ListingField::Photos) {
            let photos = self.media[first.0..].iter();
            let photos = photos.filter(|medium| medium.kind == Some(MediaKind::Photo));
            let addresses: Vec<&str> = photos.map(|medium| medium.url.as_str()).collect();
            let joined = addresses.join("|");
            self.listing.set(ListingField::Photos, Value::List(&joined));
        }
    }

    fn code(&mut self, field: ListingField, cell: &str) {
        let listing = &mut *self.listing;
        let found = match field {
            ListingField::StandardStatus => {
                listing.standard_status = codes_text::standard_status(cell);
                if listing
                    .standard_status
                    .is_none_or(|status| status.as_str() != cell)
                {
                    listing.set(ListingField::MlsStatus, Value::Text(cell));
                }
                listing.standard_status.is_some()
            }
            ListingField::BusinessLine => {
                put(&mut listing.business_line, codes_text::business_line(cell))
            }
            ListingField::PropertyType => {
                if listing.business_line.is_none() {
                    listing.business_line = codes_text::business_line(cell);
                }
                put(&mut listing.property_type, codes_text::property_type(cell))
            }
            ListingField::Currency => put(&mut listing.currency, Currency::from_code(cell)),
            ListingField::PriceBasis => {
                put(&mut listing.price_basis, codes_text::price_basis(cell))
            }
            ListingField::PriceMode => put(&mut listing.price_mode, codes_text::price_mode(cell)),
            ListingField::LeaseAmountFrequency => put(
                &mut listing.lease_amount_frequency,
                codes_text::frequency(cell),
            ),
            ListingField::RentMode => put(&mut listing.rent_mode, codes_text::rent_mode(cell)),
            ListingField::BuildingAreaUnits => {
                put(&mut listing.building_area_units, AreaUnit::from_code(cell))
            }
            ListingField::LivingAreaUnits => {
                put(&mut listing.living_area_units, AreaUnit::from_code(cell))
            }
            ListingField::LotSizeUnits => {
                put(&mut listing.lot_size_units, AreaUnit::from_code(cell))
            }
            ListingField::FloorBand => put(
                &mut listing.floor_band,
                FloorBand::from_code(cell)
                    .or_else(|| floor::floor(cell).and_then(|floor| floor.band)),
            ),
            ListingField::DirectionFaces => put(
                &mut listing.direction_faces,
                Direction::from_code(cell).or_else(|| {
                    orientation::orientation(cell).and_then(|found| found.iter().next())
                }),
            ),
            ListingField::Decoration => put(&mut listing.decoration, codes_text::decoration(cell)),
            ListingField::BuildingForm => {
                put(&mut listing.building_form, codes_text::building_form(cell))
            }
            ListingField::Holding => put(&mut listing.holding, codes_text::holding(cell)),
            _ => true,
        };
        if !found {
            self.elsewhere(field, cell);
        }
    }

    /// The source knows the value and does not tell it.
    pub(super) fn withheld(&mut self, target: &Target) {
        if let Target::Field(field) = target
            && !matches!(field.field().kind, Kind::Text | Kind::List)
        {
            let mut finding = Finding::new(
                fault::UNREADABLE_NUMBER,
                Some(field.name()),
                "withheld by the source",
            );
            finding.effect = Effect::Warn;
            self.findings.push(finding);
        }
    }

    /// How an auction ended: sold, passed in, withdrawn.
    pub(super) fn sale_method(&mut self, cell: &str) {
        self.listing.standard_status = codes_text::sale_method_status(cell);
        self.listing
            .mls_status
            .push_str(codes_text::sale_method(cell).unwrap_or(cell));
    }

    pub(super) fn layout(&mut self, cell: &str) {
        match layout::layout(cell) {
            Some(layout) => self.put_layout(&layout),
            None => self.elsewhere(ListingField::BedroomsTotal, cell),
        }
    }

    fn put_layout(&mut self, layout: &layout::Layout) {
        let listing = &mut *self.listing;
        for (slot, count) in [
            (&mut listing.bedrooms_total, layout.bedrooms),
            (&mut listing.living_rooms, layout.living_rooms),
            (&mut listing.kitchens, layout.kitchens),
            (&mut listing.bathrooms_total_integer, layout.bathrooms),
            (&mut listing.balconies, layout.balconies),
        ] {
            if count.is_some() {
                *slot = count.map(i64::from);
            }
        }
        if layout.studio {
            listing.studio = Some(true);
        }
    }

    pub(super) fn floor(&mut self, cell: &str, unit: &Unit) {
        match floor::floor(cell) {
            Some(found) => self.put_floor(&found, matches!(unit.bare_floor, BareFloor::Total)),
            None => self.elsewhere(ListingField::EntryLevel, cell),
        }
    }

    fn put_floor(&mut self, found: &floor::Floor, bare_is_total: bool) {
        let bare = found.band.is_none() && found.total.is_none();
        let (level, total) = if bare && bare_is_total {
            (None, found.level)
        } else {
            (found.level, found.total)
        };
        let listing = &mut *self.listing;
        listing.floor_band = found.band.or(listing.floor_band);
        listing.entry_level = level.or(listing.entry_level);
        listing.stories_total = total.or(listing.stories_total);
    }

    /// A cell that its column cannot read. In a row whose cells have shifted it is another field's value,
    /// and is taken for what its form says; the finding tells either way.
    fn elsewhere(&mut self, field: ListingField, cell: &str) {
        let private = field.field().storage == Storage::Sealed;
        self.unreadable(
            fault::UNREADABLE_CODE,
            field,
            if private {
                String::new()
            } else {
                text::tidy(cell).into_owned()
            },
        );
        if let Some(found) = recognise::recognise(cell) {
            self.recognised(found, cell, &Unit::default());
        }
    }

    /// A packed cell, or one whose column shifts: each token is taken for what its form says.
    pub(super) fn tokens(&mut self, cell: &str, header: &str, rest: Option<ListingField>) {
        let unit = Unit::default();
        for token in recognise::tokens(cell) {
            match recognise::recognise(token) {
                Some(found) => self.recognised(found, token, &unit),
                None => match rest.filter(|field| self.listing.get(*field).is_null()) {
                    Some(field) => self.field(field, token, &unit),
                    None => self.extra(header, token),
                },
            }
        }
    }

    fn recognised(&mut self, found: Recognised<'_>, token: &str, unit: &Unit) {
        let listing = &mut *self.listing;
        match found {
            Recognised::Layout(layout) => self.put_layout(&layout),
            Recognised::Area(_) => self.area(ListingField::BuildingAreaTotal, token, unit),
            Recognised::Floor(found) => self.put_floor(&found, true),
            Recognised::Orientation(found) => {
                listing.orientation.clear();
                found.write_list(&mut listing.orientation);
            }
            Recognised::Decoration(decoration) => listing.decoration = Some(decoration),
            Recognised::Year(year) => listing.year_built = Some(year),
            Recognised::Form(form) => listing.building_form = Some(form),
            Recognised::YearForm(year, form) => {
                listing.year_built = Some(year);
                listing.building_form = Some(form);
            }
            Recognised::Followers(count) => listing.follow_count = Some(count),
            Recognised::Showings(count) => listing.showing_count = Some(count),
            Recognised::Ago(ago) => listing.set(ListingField::PublishedAgo, Value::Text(ago)),
            Recognised::Elevator(elevator) => listing.elevator = Some(elevator),
            Recognised::RentMode(mode) => listing.rent_mode = Some(mode),
            Recognised::Holding(holding) => listing.holding = Some(holding),
            Recognised::Price(amount) => self.put_amount(ListingField::ListPrice, &amount, unit),
            Recognised::Url(url) => listing.set(ListingField::Url, Value::Text(url)),
            Recognised::Ratio(lifts, homes) => listing.lift_ratio = format!("{lifts}:{homes}"),
            Recognised::Metro(_) => self.metro(token),
            Recognised::Nothing => {}
        }
    }

    /// `距3号线柳洲东路1082米`: line, station and metres.
    fn metro(&mut self, cell: &str) {
        let text = self.tidy(cell);
        let listing = &mut *self.listing;
        listing.set(ListingField::Metro, Value::Text(&text));
        if let Some(metro) = recognise::metro(cell) {
            if let Some(line) = metro.line
                && listing.metro_line.is_empty()
            {
                listing.metro_line.push_str(line);
            }
            if listing.metro_distance.is_none() {
                listing.metro_distance = metro.distance;
            }
        }
    }

    pub(super) fn extra(&mut self, header: &str, cell: &str) {
        let extra = self.extra.get_or_insert_default();
        match extra.get_mut(header) {
            Some(serde_json::Value::String(known)) => {
                known.push_str(" | ");
                known.push_str(cell);
            }
            _ => {
                extra.insert(header.to_owned(), cell.into());
            }
        }
    }

    /// A value that cannot be read refuses the row where rules and reports rely on its field; elsewhere
    /// it is left out and told.
    pub(super) fn unreadable(&mut self, rule: &'static Rule, field: ListingField, detail: String) {
        let mut finding = Finding::new(rule, Some(field.name()), detail);
        if may_be_private(&finding.detail) {
            finding.detail.clear();
        }
        match field.field().storage {
            Storage::Column | Storage::Fact => {}
            Storage::Detail => finding.effect = Effect::Warn,
            Storage::Sealed => {
                finding.effect = Effect::Warn;
                finding.detail.clear();
            }
        }
        self.findings.push(finding);
    }

    fn finding(&mut self, rule: &'static Rule, field: ListingField, detail: &str) {
        self.unreadable(rule, field, detail.to_owned());
    }
}

fn put<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    let found = value.is_some();
    if found {
        *slot = value;
    }
    found
}

/// Whether a list stands as the store keeps it: `|` between items, no blanks, nothing empty. May say no
/// where it does.
fn is_plain_list(bytes: &[u8]) -> bool {
    let mut item = 0;
    bytes.is_ascii()
        && memchr3(b',', b';', b' ', bytes).is_none()
        && memchr3(b'\t', b'\n', b'\r', bytes).is_none()
        && memchr_iter(b'|', bytes).all(|at| at > std::mem::replace(&mut item, at + 1))
        && item < bytes.len()
}

/// Whether a cell that is not what its column should hold may be somebody's number: as many digits on end
/// as phones and identity numbers have.
fn may_be_private(cell: &str) -> bool {
    cell.split(|c: char| !c.is_numeric())
        .any(|digits| digits.chars().count() >= 7 && digits.chars().count() != 8)
}
