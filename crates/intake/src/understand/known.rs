//! Columns that are known before header and values are matched: what is never data, places of
//! several sizes, the navigation of a portal.

use super::Meaning;
use super::choose::{Choice, Chooser};
use super::fit::{fit, place_shares};
use super::header::Header;
use super::packed;
use crate::recognise;

/// Columns of our own outputs and reject files, by key.
const OURS: &[&str] = &[
    "listingkey",
    "homekey",
    "action",
    "frozen",
    "verification",
    "findings",
    "source",
    "line",
    "leadkey",
    "contactkey",
    "memberkey",
    "officekey",
    "pricedrops",
    "pricechangepercent",
    "lastpricechange",
];

/// The record's own id.
const IDS: &[&str] = &[
    "listing_id",
    "originating_system_key",
    "community_id",
    "member_id",
];

impl Chooser<'_, '_> {
    /// Running numbers, our own columns, a scraper's own columns.
    pub(super) fn useless(&mut self, keys: &[String]) {
        let ours = keys
            .iter()
            .position(|key| *key == format!("{}key", self.file.target.name))
            .is_some_and(|at| {
                self.profile(at).share(|value| is_our_key(value.text)) > 0.9
                    && self.profile(at).filled > 0
            });
        for at in self.open() {
            let key = keys[at].as_str();
            let outdone = self.outdone(keys, at);
            let profile = self.profile(at);
            let index_like = [
                "",
                "index",
                "unnamed0",
                "序号",
                "行号",
                "xuhao",
                "rownum",
                "rownumber",
                "rowid",
                "no",
                "num",
                "number",
                "rank",
                "xh",
            ]
            .contains(&key)
                || key.starts_with("unnamed");
            let unknown = self.headers[at].candidates.is_empty();
            let why = if key.starts_with("reject")
                && [
                    "rejectid",
                    "rejectsource",
                    "rejectline",
                    "rejectrule",
                    "rejectfield",
                    "rejectreason",
                ]
                .contains(&key)
            {
                "a column of our rejects file"
            } else if ours && OURS.contains(&key) {
                "a column of our own output"
            } else if key.starts_with("webscraper") {
                "a column of the browser scraper, not of the listing"
            } else if profile.running && (index_like || unknown && profile.cells.len() >= 5) {
                "cells count up by one from the first row under a header that names no id: a running number"
            } else if profile.consecutive && outdone {
                "cells count up by one, and another column holds ids: a running number; if it is the id, pass --map"
            } else if index_like
                && unknown
                && profile.filled > 0
                && profile.number_share() == 1.0
                && profile.distinct == profile.filled
            {
                "a number for each row under a header that names none: a running number"
            } else {
                continue;
            };
            self.chosen[at] = Some(Choice::new(Meaning::Skip, why));
        }
    }

    /// Whether a column whose header names the record's id has a better one beside it: of two columns
    /// of ids the one that does not count up by one, and of two that do the one whose header says more
    /// than `id`. Page addresses that hold ids are better than a bare `id` too.
    fn outdone(&self, keys: &[String], at: usize) -> bool {
        const BARE: &[&str] = &["id", "编号", "bianhao", "code"];
        if !self.names_id(at) {
            return false;
        }
        let bare = BARE.contains(&keys[at].as_str());
        (0..keys.len()).filter(|other| *other != at).any(|other| {
            let profile = self.profile(other);
            if profile.filled == 0 {
                return false;
            }
            if let Some(choice) = &self.chosen[other] {
                return matches!(&choice.meaning, Some(Meaning::Field(field)) if IDS.contains(&field.as_str()));
            }
            if self.names_id(other) {
                let suits = IDS.iter().any(|field| fit(field, profile) >= 0.8);
                let says_more = !BARE.contains(&keys[other].as_str());
                return suits && (!profile.consecutive || bare && says_more);
            }
            bare && profile.distinct_share() > 0.5
                && profile.share(|value| {
                    recognise::is_url(value.text) && recognise::url_id(value.text).is_some()
                }) >= 0.5
        })
    }

    /// Whether a header may name the id of the record.
    fn names_id(&self, at: usize) -> bool {
        self.headers[at]
            .candidates
            .iter()
            .any(|candidate| IDS.contains(&candidate.field))
    }

    /// Headers such as `area`, `region`, `district` stand for places of several sizes: names of cities
    /// and districts tell them, and then which of two columns decides the other.
    pub(super) fn places(&mut self) {
        const LEVELS: &[&str] = &["city", "county_or_parish", "mls_area_major"];
        let fields = |header: &Header| -> Vec<&'static str> {
            header
                .candidates
                .iter()
                .map(|candidate| candidate.field)
                .filter(|field| LEVELS.contains(field))
                .collect()
        };
        let named: Vec<&'static str> = self
            .open()
            .into_iter()
            .filter(|at| self.headers[*at].candidates.len() == 1)
            .flat_map(|at| fields(&self.headers[at]))
            .chain(self.taken.iter().copied())
            .collect();
        let mut columns: Vec<usize> = self
            .open()
            .into_iter()
            .filter(|at| fields(&self.headers[*at]).len() >= 2)
            .filter(|at| {
                self.profile(*at).filled > 0 && fit("county_or_parish", self.profile(*at)) >= 0.6
            })
            .filter(|at| packed::divided(self.profile(*at), true, true).is_none())
            .collect();
        let free = |chooser: &Self, field: &str| !named.contains(&field) && chooser.is_free(field);
        columns.retain(|at| {
            let (district, city) = place_shares(self.profile(*at));
            let percent = (district.max(city) * 100.0).round();
            if city >= 0.6 && free(self, "city") {
                self.take(
                    *at,
                    "city",
                    format!("{percent}% of the values are names of cities"),
                );
                false
            } else if district >= 0.6 && free(self, "county_or_parish") {
                self.take(
                    *at,
                    "county_or_parish",
                    format!("{percent}% of the values are names of districts"),
                );
                false
            } else {
                true
            }
        });
        // the wider place is decided by the narrower one, and has fewer names
        columns.sort_by_key(|at| (self.profile(*at).distinct, *at));
        let chinese = columns.iter().any(|at| self.profile(*at).chinese());
        let mut levels: Vec<&'static str> = ["county_or_parish", "mls_area_major"]
            .into_iter()
            .filter(|field| free(self, field))
            .collect();
        if columns.len() == 1 && chinese && levels.contains(&"mls_area_major") {
            levels = vec!["mls_area_major"];
        }
        // one Western header is taken at its word, unless another column has that word to itself
        if columns.len() == 1 && !chinese && levels.len() == 2 {
            return;
        }
        for (at, field) in columns.into_iter().zip(levels) {
            let names = self.profile(at).distinct;
            let evidence = format!(
                "{names} different names, none of them known districts: a place of this size beside the file's other places"
            );
            self.take(at, field, evidence);
        }
    }

    /// `宁园租房`: the words of a portal's navigation stand behind a place.
    pub(super) fn breadcrumbs(&mut self) {
        for at in self.open() {
            let place = self.headers[at]
                .candidates
                .iter()
                .any(|candidate| candidate.field == "mls_area_major");
            if !(self.headers[at].candidates.is_empty() || place) || self.profile(at).filled < 3 {
                continue;
            }
            let found = ["租房", "二手房", "新房", "房价"]
                .into_iter()
                .find(|words| {
                    self.profile(at).share(|value| {
                        value.text.ends_with(words) && value.text.len() > words.len()
                    }) >= 0.8
                });
            let Some(words) = found else { continue };
            let district = self
                .profile(at)
                .share(|value| crate::places::is_district(value.text.trim_end_matches(words)));
            let field = if district >= 0.6 {
                "county_or_parish"
            } else {
                "mls_area_major"
            };
            if self.is_free(field) {
                self.take(at, field, format!("the values are places with `{words}` behind them, as in a portal's navigation"));
                if let Some(choice) = &mut self.chosen[at] {
                    choice.strip = Some(words.to_owned());
                }
            }
        }
    }
}

/// `L` or `M` and sixteen characters of base32.
fn is_our_key(text: &str) -> bool {
    text.len() == 17
        && text.starts_with(['L', 'M'])
        && text[1..]
            .bytes()
            .all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b))
}
