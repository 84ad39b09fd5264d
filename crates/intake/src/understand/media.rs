//! Columns of a table of media: their headers name them, and where one header names two fields the values
//! decide. Cells that do not suit are refused row by row.

use model::{codes_text, media};

use super::choose::Chooser;
use super::profile::Profile;

/// Values must suit a field this well where its header names another one too.
const BELIEVED: f64 = 0.5;

impl Chooser<'_, '_> {
    /// Takes each column for the field that its header names best.
    pub(super) fn media(&mut self) {
        let mut pairs: Vec<(bool, usize, usize, &'static str)> = Vec::new();
        for at in self.open() {
            let candidates = &self.headers[at].candidates;
            let sure = candidates.len() == 1 && !candidates[0].loose;
            let suits = |field| sure || fit(field, self.profile(at)) >= BELIEVED;
            let fitting = candidates.iter().filter(|one| suits(one.field));
            pairs.extend(fitting.map(|one| (one.loose, one.rank, at, one.field)));
        }
        pairs.sort_unstable();
        for (_, _, at, field) in pairs {
            if self.chosen[at].is_none() && self.is_free(field) {
                self.take(at, field, "header");
            }
        }
    }
}

/// Share of the values that can be read as the field; 1 where the sample is silent.
fn fit(field: &str, profile: &Profile<'_>) -> f64 {
    if profile.filled == 0 {
        return 1.0;
    }
    let share = |holds: &dyn Fn(&str) -> bool| profile.share(|value| holds(value.text));
    match field {
        "url" => share(&|text| text.contains(['.', '/']) && !text.contains(' ')),
        "kind" => {
            share(&|text| codes_text::media_kind(text).is_some() || media::is_rendering(text))
        }
        "pixels" => share(&|text| media::pixels(text).is_some()),
        "width" | "height" => share(&|text| media::side(text).is_some()),
        "seconds" => share(&|text| media::seconds(text).is_some()),
        "rendering" | "removed" => share(&|text| codes_text::yes_no(text).is_some()),
        "sort_order" => profile.number_share(),
        _ => 1.0,
    }
}
