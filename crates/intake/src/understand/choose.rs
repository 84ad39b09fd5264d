//! Gives each column its meaning: wishes first, then what is never data, places, packed cells, the
//! best match of header and values, and last what the values say by themselves.

use super::fit::{fit, place_shares, specific};
use super::header::{Header, Lookup, key};
use super::packed::{self, Packed};
use super::profile::Profile;
use super::{Column, File, Meaning, Note, Undecided, Understanding, Unit};
use crate::rules;

/// Values must suit a field this well before its header is believed.
const BELIEVED: f64 = 0.5;
/// Columns of so few values are believed by their header as long as one value suits it.
const FEW: usize = 5;
/// Values must all but speak with one voice before they name a field without its header.
const BY_VALUES: f64 = 0.8;

pub(super) struct Chooser<'a, 'b> {
    pub(super) file: &'b File<'a>,
    pub(super) headers: Vec<Header>,
    pub(super) chosen: Vec<Option<Choice>>,
    pub(super) taken: Vec<&'static str>,
}

#[derive(Default)]
pub(super) struct Choice {
    pub(super) meaning: Option<Meaning>,
    pub(super) evidence: String,
    pub(super) strip: Option<String>,
    pub(super) rest: Option<String>,
}

impl Choice {
    pub(super) fn new(meaning: Meaning, evidence: impl Into<String>) -> Self {
        Choice {
            meaning: Some(meaning),
            evidence: evidence.into(),
            ..Choice::default()
        }
    }
}

/// Fills in the columns of an understanding.
pub(super) fn columns(
    file: &File<'_>,
    lookup: &Lookup,
    has_header: bool,
    found: &mut Understanding,
) -> Result<(), Undecided> {
    let keys: Vec<String> = file.headers.iter().map(|header| key(header)).collect();
    let headers = file
        .headers
        .iter()
        .map(|header| {
            if has_header {
                lookup.read(header, &keys)
            } else {
                Header::default()
            }
        })
        .collect();
    let mut chooser = Chooser {
        file,
        headers,
        chosen: file.headers.iter().map(|_| None).collect(),
        taken: Vec::new(),
    };
    chooser.wishes(lookup, &mut found.notes)?;
    chooser.useless(&keys);
    if file.target.name == "media" {
        chooser.media();
    } else {
        chooser.places();
        chooser.breadcrumbs();
        chooser.match_headers(true, &mut found.notes);
        chooser.packed(lookup);
        chooser.match_headers(false, &mut found.notes);
        chooser.by_values(lookup);
        chooser.by_header();
        chooser.tell_left_over(&mut found.notes);
    }
    for (at, choice) in chooser.chosen.into_iter().enumerate() {
        let header = &chooser.headers[at];
        let choice = choice.unwrap_or_else(|| {
            let why = match (header.candidates.first(), file.profiles[at].filled) {
                (Some(candidate), filled) if filled > 0 => {
                    format!("the header names {}, the values do not suit it or another column does better", candidate.field)
                }
                _ => "nothing known by header or values".to_owned(),
            };
            Choice::new(Meaning::Extra, why)
        });
        let meaning = choice.meaning.unwrap_or(Meaning::Extra);
        let keep_suggestion = matches!(meaning, Meaning::Extra);
        found.columns.push(Column {
            header: file.headers[at].clone(),
            meaning,
            unit: Unit::default(),
            evidence: choice.evidence,
            suggestion: header.suggestion.clone().filter(|_| keep_suggestion),
            strip: choice.strip,
            rest: choice.rest,
        });
    }
    Ok(())
}

/// Share of the values that are clearly something other than a field: of one form, or places.
fn of_another_kind(field: &str, profile: &Profile<'_>) -> f64 {
    let (district, city) = place_shares(profile);
    profile
        .values
        .iter()
        .filter(|value| value.field.is_some_and(|other| other != field))
        .filter_map(|value| value.form)
        .map(|form| profile.form(form))
        .fold(district.max(city), f64::max)
}

impl Chooser<'_, '_> {
    pub(super) fn open(&self) -> Vec<usize> {
        (0..self.chosen.len())
            .filter(|at| self.chosen[*at].is_none())
            .collect()
    }

    pub(super) fn profile(&self, at: usize) -> &Profile<'_> {
        &self.file.profiles[at]
    }

    pub(super) fn is_free(&self, field: &str) -> bool {
        !self.taken.contains(&field)
    }

    pub(super) fn take(&mut self, at: usize, field: &'static str, evidence: impl Into<String>) {
        self.taken.push(field);
        self.chosen[at] = Some(Choice::new(Meaning::Field(field.to_owned()), evidence));
    }

    fn wishes(&mut self, lookup: &Lookup, notes: &mut Vec<Note>) -> Result<(), Undecided> {
        for (header, wanted) in &self.file.wishes.map {
            let field = match wanted.as_str() {
                "member_key" if self.file.target.name == "listing" => "list_agent_id",
                "office_key" if self.file.target.name == "listing" => "list_office_id",
                "skip" | "extra" | "tokens" => "",
                name => lookup.field(name).ok_or_else(|| {
                    let nearest = lookup.nearest(name);
                    Undecided {
                        column: None,
                        header: header.clone(),
                        why: format!("there is no field `{name}`; the nearest is `{nearest}`"),
                        pass: format!("--map {header}={nearest}"),
                    }
                })?,
            };
            let written = self.file.headers.iter().position(|known| known == header);
            let Some(at) = written.or_else(|| {
                self.file
                    .headers
                    .iter()
                    .position(|known| key(known) == key(header))
            }) else {
                notes.push(
                    Note::new(
                        rules::MISSING_COLUMN.code,
                        format!("`--map {header}={wanted}`: the file has no column `{header}`"),
                    )
                    .with_zh(format!(
                        "`--map {header}={wanted}`：文件中没有列 `{header}`"
                    )),
                );
                continue;
            };
            let meaning = match wanted.as_str() {
                "skip" => Meaning::Skip,
                "extra" => Meaning::Extra,
                "tokens" => Meaning::Tokens,
                _ => {
                    self.taken.push(field);
                    Meaning::Field(field.to_owned())
                }
            };
            self.chosen[at] = Some(Choice::new(meaning, format!("`--map {header}={wanted}`")));
        }
        Ok(())
    }

    /// The best pairs of column and field, best first. In the first round only what header and values
    /// say together; packed cells are looked at before free text is.
    fn match_headers(&mut self, sure: bool, notes: &mut Vec<Note>) {
        let mut pairs: Vec<(i64, usize, &'static str, f64)> = Vec::new();
        for at in self.open() {
            let profile = self.profile(at);
            let year_forms = profile.form("year and building form") >= 0.3;
            for candidate in &self.headers[at].candidates {
                let fit = fit(candidate.field, profile);
                if fit < BELIEVED || year_forms {
                    continue;
                }
                let exact = specific(candidate.field) && fit >= 0.8 && profile.filled > 0;
                if sure
                    && !(exact
                        || ["title", "public_remarks", "tags", "furnished", "listing_id"]
                            .contains(&candidate.field))
                {
                    continue;
                }
                // cells that are no numbers make words of a column no sooner than cells that are make
                // numbers of it: `abc` under `area` beside `80`
                let tied = !exact && profile.filled > 0 && self.rivals(at, candidate.rank, fit);
                let score = fit.min(1.05) + if exact { 0.2 } else { 0.0 }
                    - if tied {
                        -0.01
                    } else {
                        0.03 * candidate.rank as f64
                    }
                    - if candidate.loose { 0.15 } else { 0.0 }
                    - if profile.filled == 0 { 0.3 } else { 0.0 };
                pairs.push(((score * 1000.0).round() as i64, at, candidate.field, fit));
            }
        }
        // in the first round a column waits if another meaning of its header would do better
        if sure {
            let best = |at: usize| {
                self.headers[at]
                    .candidates
                    .iter()
                    .map(|candidate| {
                        let fit = fit(candidate.field, self.profile(at));
                        let exact = specific(candidate.field) && fit >= 0.8;
                        ((fit.min(1.05) + if exact { 0.2 } else { 0.0 }
                            - 0.03 * candidate.rank as f64)
                            * 1000.0)
                            .round() as i64
                    })
                    .max()
                    .unwrap_or(0)
            };
            pairs.retain(|(score, at, ..)| *score + 160 >= best(*at));
        }
        pairs.sort_by_key(|(score, at, ..)| (std::cmp::Reverse(*score), *at));
        for (_, at, field, fit) in pairs {
            if self.chosen[at].is_some() {
                continue;
            }
            if !self.is_free(field) {
                let first = self.headers[at]
                    .candidates
                    .first()
                    .map(|candidate| candidate.field);
                if first == Some(field) && !sure {
                    let header = &self.file.headers[at];
                    notes.push(
                        Note::new(rules::DOUBLE_MAPPING.code, format!("column `{header}` also reads as {field}; another column suits it better"))
                            .with_zh(format!("列 `{header}` 也可作 {field}，已采用更合适的列")),
                    );
                }
                continue;
            }
            let profile = self.profile(at);
            let evidence = if profile.filled == 0 {
                "header; no values in the sample".to_owned()
            } else if specific(field) {
                format!(
                    "header, and {}% of the values suit it",
                    (fit * 100.0).min(100.0).round()
                )
            } else {
                "header".to_owned()
            };
            self.take(at, field, evidence);
        }
    }

    /// Whether a few cells of another kind have strayed into a small column whose other cells are what
    /// its header names.
    fn strays(&self, at: usize) -> bool {
        let profile = self.profile(at);
        (1..=2 * FEW).contains(&profile.filled)
            && self.headers[at].candidates.iter().any(|candidate| {
                !candidate.loose
                    && specific(candidate.field)
                    && self.is_free(candidate.field)
                    && fit(candidate.field, profile) >= BELIEVED
            })
            && profile.form("year and building form") < 0.3
    }

    /// Whether a field that is more than text stands behind text fields of the same header which the
    /// values suit no better.
    fn rivals(&self, at: usize, rank: usize, suits: f64) -> bool {
        let candidates = &self.headers[at].candidates;
        let own = candidates.iter().find(|candidate| candidate.rank == rank);
        let mut before = candidates
            .iter()
            .filter(|candidate| candidate.rank < rank)
            .peekable();
        own.is_some_and(|own| specific(own.field))
            && before.peek().is_some()
            && before
                .all(|other| !specific(other.field) && fit(other.field, self.profile(at)) <= suits)
    }

    /// What a header names without doubt, where broken cells spoil a small sample: they are refused
    /// row by row, as in a large one. Values of another kind still speak against it.
    fn by_header(&mut self) {
        for at in self.open() {
            let profile = self.profile(at);
            let least = match profile.filled {
                0 => continue,
                1..=FEW => f64::MIN_POSITIVE,
                _ => BELIEVED,
            };
            if profile.form("year and building form") >= 0.3 {
                continue;
            }
            let candidates = &self.headers[at].candidates;
            let best = candidates
                .iter()
                .filter(|candidate| {
                    let told = ["orientation", "direction_faces"].contains(&candidate.field);
                    !candidate.loose && (specific(candidate.field) || told)
                })
                .filter(|candidate| self.is_free(candidate.field))
                .map(|candidate| (candidate.field, fit(candidate.field, profile)))
                .filter(|(field, suits)| {
                    *suits >= least && *suits >= of_another_kind(field, profile)
                })
                .fold(None, |best: Option<(&'static str, f64)>, one| match best {
                    Some(best) if best.1 >= one.1 => Some(best),
                    _ => Some(one),
                });
            let Some((field, suits)) = best else { continue };
            let evidence = format!(
                "header, and {}% of the few values suit it; the others are of no kind",
                (suits * 100.0).min(100.0).round()
            );
            self.take(at, field, evidence);
        }
    }

    /// A column whose header is known and that nothing is taken from is more than a column nobody knows.
    fn tell_left_over(&self, notes: &mut Vec<Note>) {
        for at in self.open() {
            let Some(first) = self.headers[at].candidates.first().filter(|one| !one.loose) else {
                continue;
            };
            let (header, profile) = (&self.file.headers[at], self.profile(at));
            let told = format!("column `{header}` ");
            if profile.filled == 0 || notes.iter().any(|note| note.message.starts_with(&told)) {
                continue;
            }
            let field = first.field;
            let note = if self.is_free(field) {
                let suits = (fit(field, profile) * 100.0).min(100.0).round();
                Note::new(
                    rules::MISSING_COLUMN.code,
                    format!("column `{header}` is left over: its header names {field}, and {suits}% of its values suit that; if it is one, pass `--map {header}={field}`"),
                )
                .with_zh(format!(
                    "列 `{header}` 未采用：表头是 {field}，但只有 {suits}% 的值相符；如确是，请用 `--map {header}={field}`"
                ))
            } else {
                Note::new(
                    rules::DOUBLE_MAPPING.code,
                    format!("column `{header}` is left over: its header names {field}, which another column holds"),
                )
                .with_zh(format!("列 `{header}` 未采用：{field} 已取自另一列"))
            };
            notes.push(note);
        }
    }

    /// Cells that hold several values, and values that are known places divided by a separator.
    fn packed(&mut self, lookup: &Lookup) {
        let has_community = self.has_community();
        // single values, of several kinds
        let strayed: Vec<usize> = self
            .open()
            .into_iter()
            .filter(|at| {
                let profile = self.profile(*at);
                packed::look(profile).mixed
                    && profile.values.iter().all(|value| value.packed.is_none())
            })
            .collect();
        for at in self.open() {
            let looked = packed::look(self.profile(at));
            // in a shifted row several columns hold what is not theirs
            if strayed == [at] && self.strays(at) {
                continue;
            }
            // several directions are one value of a column that says it holds directions
            let first = self.headers[at].candidates.first();
            let one_list = looked.forms == ["orientation"]
                && first.is_some_and(|candidate| candidate.field == "orientation");
            let packed = looked.known >= 0.6 && looked.mixed && !one_list;
            if packed && self.file.target.name == "listing" {
                self.take_tokens(at, &looked);
                continue;
            }
            let header = &self.headers[at];
            const PLACES: &[&str] = &[
                "unparsed_address",
                "subdivision_name",
                "mls_area_major",
                "county_or_parish",
                "city",
            ];
            let place = header
                .candidates
                .iter()
                .any(|candidate| PLACES.contains(&candidate.field));
            if !place && !header.candidates.is_empty() {
                continue;
            }
            let profile = &self.file.profiles[at];
            if let Some((meaning, evidence)) = packed::divided(profile, place, has_community) {
                if let Meaning::Split { fields, .. } = &meaning {
                    let names: Vec<&'static str> = fields
                        .iter()
                        .filter_map(|field| lookup.field(field))
                        .collect();
                    if names.iter().any(|field| self.taken.contains(field)) && !place {
                        continue;
                    }
                    self.taken.extend(names);
                }
                self.chosen[at] = Some(Choice::new(meaning, evidence));
            }
        }
    }

    fn has_community(&self) -> bool {
        !self.is_free("subdivision_name")
            || self.open().into_iter().any(|at| {
                let header = &self.headers[at];
                header
                    .candidates
                    .first()
                    .is_some_and(|first| first.field == "subdivision_name")
                    && fit("subdivision_name", self.profile(at)) >= 0.8
                    && packed::divided(self.profile(at), true, false).is_none()
            })
    }

    fn take_tokens(&mut self, at: usize, looked: &Packed) {
        let mut choice = Choice::new(
            Meaning::Tokens,
            format!(
                "{}% of the cells hold known forms: {}",
                (looked.known * 100.0).round(),
                looked.forms.join(", ")
            ),
        );
        if looked.rest {
            let field = if self.has_community() {
                "mls_area_major"
            } else {
                "subdivision_name"
            };
            if self.is_free(field) {
                self.taken.push(field);
                choice.rest = Some(field.to_owned());
            }
        }
        self.chosen[at] = Some(choice);
    }

    /// What the values say where the header says nothing, or something else.
    fn by_values(&mut self, lookup: &Lookup) {
        if self.file.target.name != "listing" {
            return;
        }
        let looked: Vec<(usize, Packed)> = self
            .open()
            .into_iter()
            .map(|at| (at, packed::look(self.profile(at))))
            .filter(|(at, looked)| looked.known >= BY_VALUES && self.profile(*at).filled > 0)
            .collect();
        // one column that mixes forms: parts are missing in some rows and the others shift
        let shifting =
            looked.iter().any(|(_, looked)| looked.mixed) || self.shifted_neighbours(&looked);
        for (at, looked) in looked {
            let header = &self.file.headers[at];
            let leading = self
                .profile(at)
                .values
                .iter()
                .find(|value| value.form == looked.forms.first().copied());
            let field = leading
                .and_then(|value| value.field)
                .and_then(|field| lookup.field(field));
            if shifting || looked.mixed {
                self.take_tokens(at, &looked);
            } else if let Some(field) = field
                && self.is_free(field)
            {
                let lie = match self.headers[at].candidates.first() {
                    Some(first) => format!("the header `{header}` names {}, but ", first.field),
                    None => String::new(),
                };
                let evidence = format!(
                    "{lie}{}% of the values have the form of {}",
                    (looked.known * 100.0).round(),
                    looked.forms[0]
                );
                self.take(at, field, evidence);
            }
        }
    }

    /// Whether a column of tokens found before stands beside these: then rows may shift among them.
    fn shifted_neighbours(&self, looked: &[(usize, Packed)]) -> bool {
        let mixed = |at: usize| {
            let column = self.chosen.get(at).and_then(Option::as_ref);
            column.is_some_and(|choice| choice.meaning == Some(Meaning::Tokens))
                && self
                    .profile(at)
                    .values
                    .iter()
                    .all(|value| value.packed.is_none())
        };
        looked.len() > 1
            && looked
                .iter()
                .any(|(at, _)| mixed(at + 1) || *at > 0 && mixed(at - 1))
    }
}
