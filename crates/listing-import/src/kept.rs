//! Records as the store keeps them for `--replay`: what the record before says too, or what follows
//! from the rest, is left out, and messages are made again when they are read.
//!
//! A record is a JSON array `[what, line, listing_id, standard_status, findings, rest]`. `what` has the
//! first letter of the action, then `f` where the listing is frozen and `v` where it is verified; a
//! finding is `[code, effect, field, detail]`; `rest` is an object of what differs, if anything does.

use std::borrow::Cow;
use std::fmt::Write;

use anyhow::{Context, Result};
use model::codes::Verification;
use model::identity;
use model::listing::ListingField;
use model::packed::PackedListing;
use model::rule::Lang;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::emit::{Change, present, push_text, with_messages};

/// What the record before said.
#[derive(Default)]
pub(crate) struct Keeper {
    source: String,
    system: String,
}

/// What a record says beside the common members.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Rest<'a> {
    /// The file, where it is another one than before.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Cow<'a, str>>,
    /// The originating system, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<Cow<'a, str>>,
    /// The record's key there, where it is not its `listing_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<Cow<'a, str>>,
    /// The listing's key, where no row of the run names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    listing_key: Option<Cow<'a, str>>,
    /// The home's key, where it does not follow from the listing's.
    #[serde(skip_serializing_if = "Option::is_none")]
    home_key: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Kept<'a>(
    #[serde(borrow)] Cow<'a, str>,
    Option<u64>,
    Cow<'a, str>,
    Option<Cow<'a, str>>,
    Vec<[Cow<'a, str>; 4]>,
    #[serde(default)] Rest<'a>,
);

impl Keeper {
    /// Writes a record. `listing` is the one the row names, `findings` what [`write_findings`] made of those
    /// of the change.
    ///
    /// [`write_findings`]: crate::emit::write_findings
    pub(crate) fn keep(
        &mut self,
        change: &Change<'_>,
        listing: PackedListing<'_>,
        findings: &str,
        out: &mut String,
    ) -> serde_json::Result<()> {
        out.push_str("[\"");
        out.push_str(&change.action[..1]);
        if change.frozen {
            out.push('f');
        }
        if change.verification == Verification::Verified {
            out.push('v');
        }
        out.push_str("\",");
        match change.line {
            // Writing to a String cannot fail.
            Some(line) => _ = write!(out, "{line}"),
            None => out.push_str("null"),
        }
        out.push(',');
        push_text(change.listing_id, out)?;
        out.push(',');
        match change.standard_status {
            Some(status) => push_text(status, out)?,
            None => out.push_str("null"),
        }
        out.push(',');
        out.push_str(findings);
        self.keep_rest(change, listing, out)?;
        out.push(']');
        Ok(())
    }

    fn keep_rest(
        &mut self,
        change: &Change<'_>,
        listing: PackedListing<'_>,
        out: &mut String,
    ) -> serde_json::Result<()> {
        let mut rest = Rest::default();
        let mut differs = false;
        let mut note = |slot: &mut Option<Cow<'_, str>>, text: &str| {
            *slot = Some(Cow::Owned(text.to_owned()));
            differs = true;
        };
        if news(&mut self.source, change.source) {
            note(&mut rest.source, change.source);
        }
        let system_key = listing.text(ListingField::OriginatingSystemKey);
        match change.listing_key {
            Some(key) if system_key.is_empty() => {
                note(&mut rest.listing_key, key);
            }
            Some(_) => {
                if news(
                    &mut self.system,
                    listing.text(ListingField::OriginatingSystemName),
                ) {
                    note(&mut rest.system, &self.system);
                }
                if system_key != change.listing_id {
                    note(&mut rest.key, system_key);
                }
            }
            None => {}
        }
        // The two keys differ in their first letter.
        let (home, key) = (change.home_key, change.listing_key);
        if let Some(home) = home
            && key.is_none_or(|key| key.get(1..) != home.get(1..))
        {
            note(&mut rest.home_key, home);
        }
        if differs {
            out.push(',');
            out.push_str(&serde_json::to_string(&rest)?);
        }
        Ok(())
    }

    /// The record as it was told; the same keeper reads all records of a run in their order. A record
    /// of another tool is given as it is.
    pub(crate) fn tell(&mut self, line: &str, lang: Lang) -> Result<Map<String, Value>> {
        if line.starts_with('{') {
            return Ok(serde_json::from_str(line)?);
        }
        let Kept(what, line, listing_id, status, findings, rest) = serde_json::from_str(line)?;
        let mut letters = what.chars();
        let action = letters
            .next()
            .and_then(action)
            .context("a record has an action nobody knows")?;
        if let Some(source) = rest.source {
            self.source = source.into_owned();
        }
        if let Some(system) = rest.system {
            self.system = system.into_owned();
        }
        let listing_key = match (action, rest.listing_key) {
            ("rejected", _) => None,
            (_, Some(key)) => Some(key.into_owned()),
            (_, None) => {
                let key = rest.key.as_deref().unwrap_or(&listing_id);
                Some(identity::listing_key(&self.system, key).to_string())
            }
        };
        let home_key = rest.home_key.map(Cow::into_owned);
        let home_key = home_key.or_else(|| Some(format!("H{}", listing_key.as_deref()?.get(1..)?)));
        let verification = if letters.clone().any(|letter| letter == 'v') {
            Verification::Verified
        } else {
            Verification::Unverified
        };
        let mut record = Map::new();
        let mut set = |name: &str, value: Value| record.insert(name.to_owned(), value);
        set("source", json!(present(&self.source)));
        set("line", json!(line));
        set("listing_id", json!(present(&listing_id)));
        set("listing_key", json!(listing_key));
        set("action", json!(action));
        set("frozen", json!(letters.any(|letter| letter == 'f')));
        set("verification", json!(verification.as_str()));
        set("standard_status", json!(status));
        set("home_key", json!(home_key));
        let findings = findings.iter().map(|[code, effect, field, detail]| {
            json!({ "code": code, "effect": effect, "field": present(field), "detail": detail })
        });
        set("findings", findings.collect());
        with_messages(&mut record, lang);
        Ok(record)
    }
}

/// Remembers a text, and says whether it is another one than before.
fn news(before: &mut String, now: &str) -> bool {
    let news = before != now;
    if news {
        before.clear();
        before.push_str(now);
    }
    news
}

/// The action with this first letter.
fn action(letter: char) -> Option<&'static str> {
    ["new", "changed", "unchanged", "withdrawn", "rejected"]
        .into_iter()
        .find(|action| action.starts_with(letter))
}
