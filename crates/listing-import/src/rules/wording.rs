//! The wording pass: one walk over each text of the advert finds every word, claim and signal of the packs.
//!
//! A match masks the shorter ones inside it, so that `满五唯一` is no `唯一`; what only begins inside it
//! still counts. A word that stands in the name of the community, street or school is a name.

use model::jiff::civil::Date;
use model::listing::{Listing, ListingField};
use model::rule::Effect;

use super::Sink;
use super::consistent;
use super::context::Context;
use super::fold;
use super::lexicon::Found;
use super::pack::{Pack, Signal};
use super::text;
use super::words::{self, Action, Company, Compiled, Word};

/// The words in force, ready to be looked for.
pub(super) struct Wording {
    compiled: Compiled,
    place: String,
}

/// One text of a listing, perhaps in another spelling.
struct Reading<'a> {
    listing: &'a Listing,
    context: &'a Context,
    field: ListingField,
    text: &'a str,
    offsets: Option<&'a [usize]>,
}

impl Wording {
    /// Compiles the packs in force, as they stand on a day.
    pub(super) fn compile(
        packs: &[&Pack],
        effects: &[Option<Effect>],
        place: &str,
        today: Date,
    ) -> Self {
        Wording {
            compiled: words::compile(packs, effects, today),
            place: place.trim_end_matches('市').to_owned(),
        }
    }

    /// Reads title, remarks and tags.
    pub(super) fn read(&self, listing: &Listing, context: &Context, sink: &mut Sink<'_>) {
        for (field, text) in [
            (ListingField::Title, listing.title.as_str()),
            (ListingField::PublicRemarks, listing.public_remarks.as_str()),
            (ListingField::Tags, listing.tags.as_str()),
        ] {
            if text.is_empty() {
                continue;
            }
            let mut reading = Reading {
                listing,
                context,
                field,
                text,
                offsets: None,
            };
            if self.scan(&reading, sink) {
                continue;
            }
            let folded = fold::fold(text);
            reading.text = &folded.text;
            reading.offsets = Some(&folded.offsets);
            self.scan(&reading, sink);
        }
    }

    /// Walks over a text; says no where it has another spelling and must be rewritten first.
    fn scan(&self, reading: &Reading<'_>, sink: &mut Sink<'_>) -> bool {
        let Compiled {
            lexicon, patterns, ..
        } = &self.compiled;
        let text = reading.text;
        let mut covered = 0;
        for start in lexicon.places(text) {
            let index = match lexicon.find(text, start) {
                Some(Found::Word(index)) => index,
                Some(Found::Marker) if reading.offsets.is_none() => return false,
                _ => continue,
            };
            // The longest pattern here may hold only in another city: then the next shorter one counts.
            let mut candidate = Some(index);
            while let Some(index) = candidate {
                let pattern = &patterns[index];
                let end = start + pattern.len;
                if end <= covered {
                    break;
                }
                let mut holds = false;
                for (places, action) in &pattern.actions {
                    if self.in_place(*places, reading.listing)
                        && self.act(action, reading, start, end, sink)
                    {
                        holds = true;
                    }
                }
                if holds {
                    covered = end;
                    break;
                }
                candidate = pattern.shorter;
            }
        }
        true
    }

    /// Whether the listing is in one of the places with this number.
    fn in_place(&self, places: usize, listing: &Listing) -> bool {
        let places = &self.compiled.places[places];
        places.is_empty() || {
            let city = match listing.city.trim_end_matches('市') {
                "" => &self.place,
                city => city,
            };
            places.iter().any(|place| place == city)
        }
    }

    /// Does what a match asks for; says no where the match does not hold at all.
    fn act(
        &self,
        action: &Action,
        reading: &Reading<'_>,
        start: usize,
        end: usize,
        sink: &mut Sink<'_>,
    ) -> bool {
        match action {
            Action::Allow { starts_clause } => {
                return !starts_clause || text::clause_begins(reading.text, start);
            }
            Action::Word(word) => {
                if !holds(word, reading, start, end) {
                    return false;
                }
                let detail = reading.quote(start, end, &word.entry.replacement);
                sink.report_text(word.rule, word.effect, reading.field, detail);
            }
            Action::Claim(claim) => {
                if let Some(fact) = claim.contradiction(reading.listing, reading.context)
                    && !reading.in_a_name(start, end)
                {
                    let detail = ["`", &reading.text[start..end], "`, ", &fact].concat();
                    sink.report_text(claim.rule, claim.effect, reading.field, detail);
                }
            }
            Action::Signal(signal @ (Signal::FixedPrice | Signal::Negotiable)) => {
                sink.signals |= signal.bit();
            }
            Action::Signal(quote) => {
                let (listing, context) = (reading.listing, reading.context);
                if let Some((rule, detail)) =
                    consistent::quote(*quote, reading.text, end, listing, context)
                {
                    sink.report_text(rule, None, reading.field, detail);
                }
            }
        }
        true
    }
}

/// Whether the conditions of a word hold where it stands.
fn holds(word: &Word, reading: &Reading<'_>, start: usize, end: usize) -> bool {
    let entry = &word.entry;
    let text = reading.text;
    if entry.after_number && !text::number_before(text, start) {
        return false;
    }
    if !entry.before_amount_in.is_empty()
        && !text::amount_after(text, end).is_some_and(|(_, rest)| {
            let rest = rest.trim_start_matches(['多', '余', '来']);
            entry
                .before_amount_in
                .iter()
                .any(|unit| rest.starts_with(&**unit))
        })
    {
        return false;
    }
    let Company { near, unless } = &*word.company;
    if !near.is_empty() || !unless.is_empty() {
        let sentence = text::sentence(text, start, end);
        if !near.is_empty() && !near.found_in(sentence) || unless.found_in(sentence) {
            return false;
        }
    }
    let listing = reading.listing;
    if !entry.answered_by.is_empty()
        && entry.answered_by.iter().all(|group| {
            group.iter().any(|w| {
                text.contains(&**w)
                    || listing.title.contains(&**w)
                    || listing.public_remarks.contains(&**w)
            })
        })
    {
        return false;
    }
    if entry
        .unless_field
        .is_some_and(|field| !listing.get(field.0).is_null())
    {
        return false;
    }
    !reading.in_a_name(start, end)
}

impl Reading<'_> {
    /// What stands there, and where, and what might: offsets are bytes of the text as it was given.
    fn quote(&self, start: usize, end: usize, replacement: &str) -> String {
        let (from, to) = match self.offsets {
            Some(offsets) => (offsets[start], offsets[end]),
            None => (start, end),
        };
        let mut quote = String::with_capacity(end - start + replacement.len() + 24);
        quote.push('`');
        quote.push_str(&self.text[start..end]);
        quote.push_str("` [");
        text::push_number(&mut quote, from as i64);
        quote.push_str("..");
        text::push_number(&mut quote, to as i64);
        quote.push(']');
        if !replacement.is_empty() {
            quote.push_str(" → ");
            quote.push_str(replacement);
        }
        quote
    }

    /// Whether the match is part of a name: `第一城` is a community, `第一中学` a school.
    fn in_a_name(&self, start: usize, end: usize) -> bool {
        let word = &self.text[start..end];
        [
            &self.listing.subdivision_name,
            &self.listing.building_name,
            &self.listing.street_name,
            &self.listing.mls_area_major,
            &self.listing.metro,
            &self.listing.school,
        ]
        .into_iter()
        .filter(|name| text::holds(name, word))
        .any(|name| {
            self.text
                .match_indices(name.as_str())
                .any(|(at, name)| at <= start && end <= at + name.len())
        })
    }
}
