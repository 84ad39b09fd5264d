//! Columns whose cells hold several values: told by their form, or by a separator between places.

use super::Meaning;
use super::fit::text_fit;
use super::profile::Profile;
use crate::{places, recognise};

/// What packed cells hold.
#[derive(Debug, Clone)]
pub(super) struct Packed {
    /// Share of the cells that are packed or of some known form.
    pub(super) known: f64,
    /// Whether cells hold several values, or the column mixes forms.
    pub(super) mixed: bool,
    /// Names of the forms, most frequent first.
    pub(super) forms: Vec<&'static str>,
    /// Whether each cell has just one piece that nothing recognises: a name.
    pub(super) rest: bool,
}

/// Looks for values that tell by their form what they are.
pub(super) fn look(profile: &Profile<'_>) -> Packed {
    let mut forms: Vec<(&'static str, usize)> = Vec::new();
    let mut add =
        |form: &'static str, count: usize| match forms.iter_mut().find(|(known, _)| *known == form)
        {
            Some((_, total)) => *total += count,
            None => forms.push((form, count)),
        };
    let (mut one_left, mut known, mut several) = (0, 0, 0);
    for value in &profile.values {
        if let Some(form) = value.form {
            known += value.count;
            add(form, value.count);
            several += if form == "year and building form" {
                value.count
            } else {
                0
            };
        } else if let Some((recognised, all)) = value.packed {
            let left = all - recognised;
            if left * 2 <= all && left <= 2 {
                known += value.count;
                several += value.count;
            }
            one_left += if left == 1 { value.count } else { 0 };
            for token in recognise::tokens(value.text) {
                if let Some(found) = recognise::recognise(token) {
                    add(found.form(), value.count);
                }
            }
        }
    }
    let total: usize = profile.values.iter().map(|value| value.count).sum();
    let share = |count: usize| count as f64 / total.max(1) as f64;
    forms.retain(|(form, _)| *form != "nothing");
    forms.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let leading = forms.first().map_or(0, |(_, count)| *count);
    let all: usize = forms.iter().map(|(_, count)| count).sum();
    Packed {
        known: share(known),
        mixed: share(several) >= 0.3 || all > 0 && (leading as f64) < 0.97 * all as f64,
        rest: share(one_left) >= 0.6,
        forms: forms.into_iter().map(|(form, _)| form).collect(),
    }
}

/// One part of the cells of a column that is divided by a separator.
struct Part<'a> {
    distinct: usize,
    district: f64,
    city: f64,
    ring: f64,
    example: &'a str,
}

/// Looks for a separator that divides the cells of a column into places: `果园西小区 - 果园`,
/// `昌平-北七家-东方蓝海中心`, `朝阳 望京 四至五环`.
pub(super) fn divided(
    profile: &Profile<'_>,
    header_is_place: bool,
    has_community: bool,
) -> Option<(Meaning, String)> {
    if profile.filled == 0 || text_fit(profile) < 0.8 || profile.chars > 40.0 {
        return None;
    }
    ["-", "|", "·", "/", ",", " "]
        .into_iter()
        .find_map(|separator| divide(profile, separator, header_is_place, has_community))
}

fn divide(
    profile: &Profile<'_>,
    separator: &str,
    header_is_place: bool,
    has_community: bool,
) -> Option<(Meaning, String)> {
    let rows: Vec<(Vec<&str>, usize)> = profile
        .values
        .iter()
        .map(|value| (recognise::split(value.text, separator, 0, 0), value.count))
        .collect();
    let total: usize = rows.iter().map(|(_, count)| count).sum();
    let count = (2..=4).max_by_key(|n| {
        rows.iter()
            .filter(|(parts, _)| parts.len() == *n)
            .map(|(_, count)| *count)
            .sum::<usize>()
    })?;
    let held: usize = rows
        .iter()
        .filter(|(parts, _)| parts.len() == count)
        .map(|(_, count)| count)
        .sum();
    if (held as f64) < 0.8 * total as f64 {
        return None;
    }
    let parts: Vec<Part<'_>> = (0..count)
        .map(|at| {
            let cells = || {
                rows.iter()
                    .filter(|(parts, _)| parts.len() == count)
                    .map(|(parts, n)| (parts[at], *n))
            };
            let share = |holds: &dyn Fn(&str) -> bool| {
                cells()
                    .filter(|(part, _)| holds(part))
                    .map(|(_, n)| n)
                    .sum::<usize>() as f64
                    / held as f64
            };
            let mut names: Vec<&str> = cells().map(|(part, _)| part).collect();
            names.sort_unstable();
            names.dedup();
            Part {
                distinct: names.len(),
                district: share(&places::is_district),
                city: share(&places::is_city),
                ring: share(&|part| part.contains('环')),
                example: names.first().copied().unwrap_or_default(),
            }
        })
        .collect();
    let fields = name_parts(&parts, separator, header_is_place, has_community)?;
    let evidence = format!(
        "cells are {} parts divided by `{separator}` ({}% of the sample), such as `{}`",
        count,
        held * 100 / total.max(1),
        parts
            .iter()
            .map(|part| part.example)
            .collect::<Vec<_>>()
            .join("` and `")
    );
    Some((
        Meaning::Split {
            separator: separator.to_owned(),
            fields,
        },
        evidence,
    ))
}

/// Names the parts: a city and a district are known by name, a community repeats less than its area.
fn name_parts(
    parts: &[Part<'_>],
    separator: &str,
    header_is_place: bool,
    has_community: bool,
) -> Option<Vec<String>> {
    let mut fields: Vec<Option<&str>> = vec![None; parts.len()];
    for (at, part) in parts.iter().enumerate() {
        if part.city >= 0.6 && !fields.contains(&Some("city")) {
            fields[at] = Some("city");
        } else if part.district >= 0.5 && !fields.contains(&Some("county_or_parish")) {
            fields[at] = Some("county_or_parish");
        } else if part.ring >= 0.5 {
            fields[at] = Some("mls_area_minor");
        }
    }
    let anchored = fields.iter().any(Option::is_some);
    // a blank or a comma stands inside many names: only known places make it a separator
    if !anchored && (matches!(separator, " " | ",") || !header_is_place && separator != "-") {
        return None;
    }
    let mut open: Vec<usize> = (0..parts.len())
        .filter(|at| fields[*at].is_none())
        .collect();
    open.sort_by_key(|at| (std::cmp::Reverse(parts[*at].distinct), *at));
    let names: &[&str] = match (open.len(), has_community) {
        (0, _) => &[],
        (1, true) => &["mls_area_major"],
        // one name beside a district: a community if hardly any repeats
        (1, false)
            if parts[open[0]].distinct * 2
                > parts.iter().map(|part| part.distinct).max().unwrap_or(0)
                && anchored
                && separator != " " =>
        {
            &["subdivision_name"]
        }
        (1, false) => &["mls_area_major"],
        (2, _) if parts[open[0]].distinct > parts[open[1]].distinct => {
            &["subdivision_name", "mls_area_major"]
        }
        // nothing repeats: in `A - B` the narrower place stands first, after a district it stands last
        (2, _) if anchored => {
            open.sort_unstable_by_key(|at| std::cmp::Reverse(*at));
            &["subdivision_name", "mls_area_major"]
        }
        (2, _) => &["subdivision_name", "mls_area_major"],
        _ => return None,
    };
    for (at, name) in open.into_iter().zip(names) {
        fields[at] = Some(name);
    }
    fields
        .into_iter()
        .map(|field| field.map(str::to_owned))
        .collect()
}
