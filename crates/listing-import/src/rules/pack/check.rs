//! What no value of a pack shows alone: dates that exclude each other, places outside the pack's, claims
//! without a test, cases that expect nothing, two packs of one name.

use std::ops::Range;

use super::{Case, ClaimEntry, Entry, Pack, PackError, Scope};

impl Pack {
    /// Refuses what contradicts itself.
    pub(super) fn check(&self) -> Result<(), PackError> {
        if let Some(until) = &self.until
            && until.get_ref().0 < self.effective.0
        {
            return Err(self.error(until.span(), "`until` lies before `effective`"));
        }
        let scopes = (self.words.iter().map(Entry::scope))
            .chain(self.allow.iter().map(Entry::scope))
            .chain(self.claim.iter().map(Entry::scope))
            .chain(self.signal.iter().map(Entry::scope));
        for scope in scopes {
            self.check_scope(&scope)?;
        }
        if let Some(claim) = self.claim.iter().find(|claim| !has_test(claim)) {
            let message = "the claim tests nothing of the field; give it is, each_of, at_most, at_least, \
                           within_days or third";
            return Err(self.error(claim.field.span(), message));
        }
        for case in &self.test {
            if let Some(message) = fault(case.get_ref()) {
                return Err(self.error(case.span(), message));
            }
        }
        Ok(())
    }

    fn check_scope(&self, scope: &Scope<'_>) -> Result<(), PackError> {
        let dates = [scope.effective, scope.until].into_iter().flatten();
        let Some(last) = dates.clone().last() else {
            return self.check_place(scope);
        };
        let from = scope
            .effective
            .map_or(self.effective.0, |from| from.get_ref().0);
        let pack_until = self.until.as_ref().map(|until| until.get_ref().0);
        let until = scope.until.map(|until| until.get_ref().0);
        let both = dates.count() == 2;
        if both && until.is_some_and(|until| until < from) {
            return Err(self.error(last.span(), "`until` lies before `effective`"));
        }
        if until.is_some_and(|until| until < self.effective.0)
            || pack_until.is_some_and(|until| until < from)
        {
            let message = "the entry never holds: its pack does not hold on these days";
            return Err(self.error(last.span(), message));
        }
        self.check_place(scope)
    }

    fn check_place(&self, scope: &Scope<'_>) -> Result<(), PackError> {
        let bare = |city: &str| city.trim_end_matches('市').to_owned();
        let outside = scope.place.iter().find(|place| {
            !self.place.is_empty()
                && !self
                    .place
                    .iter()
                    .any(|city| bare(city) == bare(place.get_ref()))
        });
        match outside {
            Some(place) => Err(self.error(place.span(), "the pack does not hold in this place")),
            None => Ok(()),
        }
    }

    /// A mistake at a place of the pack's file.
    fn error(&self, span: Range<usize>, message: &str) -> PackError {
        PackError::at(&self.file.origin, &self.file.text, span, message)
    }

    /// Refuses a pack of the same name as one of those before.
    pub fn refuse_repeated(&self, before: &[Pack]) -> Result<(), PackError> {
        match before.iter().find(|other| other.name() == self.name()) {
            Some(other) => Err(self.error(
                self.name.span(),
                &format!("`{}` has a pack of this name already", other.origin()),
            )),
            None => Ok(()),
        }
    }

    /// The line of a place.
    pub(super) fn line(&self, span: &Range<usize>) -> usize {
        let before = self.file.text.as_bytes().iter().take(span.start);
        1 + before.filter(|byte| **byte == b'\n').count()
    }
}

fn has_test(claim: &ClaimEntry) -> bool {
    !claim.is.is_empty()
        || !claim.each_of.is_empty()
        || claim.at_most.is_some()
        || claim.at_least.is_some()
        || claim.within_days.is_some()
        || claim.third.is_some()
}

fn fault(case: &Case) -> Option<&'static str> {
    match (case.finds.is_empty(), case.passes) {
        (true, false) => {
            Some("the test expects nothing; write `finds = [\"L201\"]` or `passes = true`")
        }
        (false, true) => Some("the test cannot both find something and pass"),
        (true, true) if case.effect.is_some() => Some("what passes has no effect"),
        _ => None,
    }
}
