//! `verify`: evidence that a listing is true. Once everything is there that is needed, the listing is
//! verified until the first of it runs out.

use anyhow::Result;
use cli::schema::{SchemaField, WireKind};
use cli::{Destination, Failure, Outcome, Shape, Summary, Ui, open};
use model::codes::Verification;
use model::jiff::ToSpan;
use model::jiff::civil::Date;
use model::rule::Lang;
use model::{id_number, mask};
use serde_json::{Value, json};
use store::{Action, Evidence, Run, Store, StoredListing};

use crate::args::{Args, VerifyArgs};
use crate::disclose;
use crate::emit::present;
use crate::subject;

/// What a record of what is on file says, in order.
pub(crate) const FIELDS: [SchemaField<'static>; 6] = [
    (
        "listing_id",
        WireKind::Text,
        "Id of the listing at its source",
    ),
    ("listing_key", WireKind::Text, "Key of the listing"),
    (
        "verification",
        WireKind::OneOf(&["unverified", "verified"]),
        "Whether its truth was looked into",
    ),
    (
        "verified_until",
        WireKind::Date,
        "Last day on which that holds",
    ),
    ("missing", WireKind::Texts, "Kinds of evidence it lacks"),
    (
        "evidence",
        WireKind::Objects,
        "What is on file: evidence_key, kind, reference, at, actor, valid_until",
    ),
];

/// A kind of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Certificate,
    Identity,
    Code,
    Consent,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Certificate, Kind::Identity, Kind::Code, Kind::Consent];

    fn as_str(self) -> &'static str {
        match self {
            Kind::Certificate => "ownership-certificate",
            Kind::Identity => "owner-identity",
            Kind::Code => "verification-code",
            Kind::Consent => "owner-consent",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Some(match text.trim().to_lowercase().as_str() {
            "ownership-certificate" | "房产证" | "不动产权证" | "产权证" => {
                Kind::Certificate
            }
            "owner-identity" | "业主身份证" | "身份证" => Kind::Identity,
            "verification-code" | "核验码" | "房源核验码" => Kind::Code,
            "owner-consent" | "委托书" | "业主委托书" => Kind::Consent,
            _ => return None,
        })
    }

    /// A reference as outputs show it.
    fn mask(self, reference: &str) -> String {
        match self {
            Kind::Identity => mask::id_number(reference),
            _ => mask::text(reference),
        }
    }
}

/// Refuses a kind that nobody knows, and names those that are known.
fn kind(text: &str, what: &str) -> Result<Kind> {
    Kind::parse(text).ok_or_else(|| {
        Failure::usage(format!("{what}: `{text}` is no kind of evidence"))
            .hint("kinds: ownership-certificate (房产证), owner-identity (业主身份证), verification-code (核验码), owner-consent (委托书)")
            .into()
    })
}

/// What a listing needs.
struct Needs {
    always: Vec<Kind>,
    code_cities: Vec<String>,
}

impl Needs {
    fn new(ui: &Ui) -> Result<Self> {
        let config = ui.config();
        let needs = config.list("listing-import.verify_needs").iter();
        let always: Vec<Kind> = needs
            .map(|text| kind(text, "`listing-import.verify_needs`"))
            .collect::<Result<_>>()?;
        Ok(Needs {
            always,
            code_cities: config.list("listing-import.verification_cities").to_vec(),
        })
    }

    fn of(&self, stored: &StoredListing) -> Vec<Kind> {
        let mut needs = self.always.clone();
        let city = stored.listing.city.trim_end_matches('市');
        let issues_codes = self.code_cities.iter().any(|known| known == city);
        if issues_codes && !needs.contains(&Kind::Code) {
            needs.push(Kind::Code);
        }
        needs
    }
}

/// How a listing stands by its evidence.
struct Standing {
    missing: Vec<Kind>,
    /// Last day on which everything that is needed counts; none: no end.
    until: Option<Date>,
}

fn standing(needs: &[Kind], evidence: &[Evidence], today: Date) -> Standing {
    let mut missing = Vec::new();
    let mut until: Option<Date> = None;
    for kind in needs {
        let counts = |piece: &&Evidence| {
            piece.kind == kind.as_str() && piece.valid_until.is_none_or(|until| until >= today)
        };
        let ends = evidence
            .iter()
            .filter(counts)
            .map(|piece| piece.valid_until);
        // A piece without end outlives all others.
        match ends.max_by_key(|end| (end.is_none(), *end)) {
            None => missing.push(*kind),
            Some(None) => {}
            Some(Some(end)) => until = Some(until.map_or(end, |until| until.min(end))),
        }
    }
    Standing { missing, until }
}

/// Adds evidence, or shows what is on file.
pub(crate) fn run(args: &Args, asked: &VerifyArgs, ui: &mut Ui) -> Result<Outcome> {
    let needs = Needs::new(ui)?;
    let pieces: Vec<(Kind, &str)> = asked
        .evidence
        .iter()
        .map(|piece| {
            let (name, reference) = crate::split(piece, "--evidence KIND=REF")?;
            Ok((kind(name, "--evidence")?, reference))
        })
        .collect::<Result<_>>()?;
    if pieces.is_empty() {
        if asked.until.is_some() {
            return Err(Failure::usage("`--until` goes with `--evidence`").into());
        }
        return show(args, &asked.listing, &needs, ui);
    }
    let today = ui.today();
    let until = valid_until(asked, today, ui)?;
    for (kind, reference) in &pieces {
        if *kind == Kind::Identity && id_number::check_holds(reference) == Some(false) {
            ui.warn(match ui.lang() {
                Lang::En => "the identity number's check digit is wrong: look at it again",
                Lang::Zh => "身份证号校验位不符，请核对",
            });
        }
    }
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let mut store = open::for_change(args.store.dry_run, ui)?;
    let key = subject::listing(&store.store, &asked.listing, ui.lang())?.key;
    let mut run = store
        .store
        .begin(open::start(ui, "verify", ""))
        .map_err(open::failure)?;
    let number = run.number();
    let expired = run.expire_verifications().map_err(open::failure)?;
    let mut news = 0;
    for (kind, reference) in &pieces {
        let action = run
            .add_evidence(&key, kind.as_str(), reference, until)
            .map_err(open::failure)?;
        news += u64::from(action != Action::Unchanged);
    }
    let reason = args.output.reason.as_deref();
    let missing = conclude(&mut run, &key, &needs, today, reason)?;
    let kinds: Vec<&str> = pieces.iter().map(|(kind, _)| kind.as_str()).collect();
    let missing: Vec<&str> = missing.iter().map(|kind| kind.as_str()).collect();
    let payload = json!({ "evidence": kinds, "missing": missing, "until": until.map(|day| day.to_string()), "reason": reason });
    run.decide("verify", &key, &payload.to_string())
        .map_err(open::failure)?;
    let record = record(run.store(), &key, &needs, today, false)?;
    run.record(&record.to_string()).map_err(open::failure)?;
    spool.push(&record)?;
    let counts =
        json!({ "evidence": news, "verified": u64::from(missing.is_empty()), "expired": expired });
    run.commit(&counts.to_string(), "done")
        .map_err(open::failure)?;
    spool.deliver(
        destination.of_run(number),
        &Shape::new(&FIELDS.map(|(name, ..)| name)),
    )?;
    if !missing.is_empty() {
        ui.note(match ui.lang() {
            Lang::En => format!("not verified yet: {} still missing", missing.join(", ")),
            Lang::Zh => format!("尚未核验：还缺 {}", missing.join("、")),
        });
    }
    let mut summary = Summary::new(pieces.len() as u64, 0).dry_run(args.store.dry_run);
    if !args.store.dry_run {
        summary = summary.run(number);
    }
    summary
        .count("new", news)
        .count("unchanged", pieces.len() as u64 - news)
        .count("expired", expired)
        .give(ui, &args.run)?;
    Ok(Outcome::Done)
}

/// The last day on which new evidence counts.
fn valid_until(asked: &VerifyArgs, today: Date, ui: &Ui) -> Result<Option<Date>> {
    if let Some(until) = asked.until {
        if until < today {
            return Err(Failure::usage(format!("--until {until} is past"))
                .hint(format!("name {today} or a later day"))
                .into());
        }
        return Ok(Some(until));
    }
    let days = ui.config().integer("listing-import.verify_days");
    if days <= 0 {
        return Ok(None);
    }
    let span = days.min(3_660_000).days();
    Ok(today.checked_add(span).ok())
}

/// Writes down what the evidence comes to; returns what is still missing.
fn conclude(
    run: &mut Run<'_>,
    key: &str,
    needs: &Needs,
    today: Date,
    reason: Option<&str>,
) -> Result<Vec<Kind>> {
    let stored = run.store().listing(key, false).map_err(open::failure)?;
    let stored = stored.ok_or_else(|| Failure::failed(format!("there is no listing {key}")))?;
    let evidence = run.store().evidence(key).map_err(open::failure)?;
    let Standing { missing, until } = standing(&needs.of(&stored), &evidence, today);
    if missing.is_empty() {
        run.set_verification(key, Verification::Verified, until, reason)
            .map_err(open::failure)?;
    }
    Ok(missing)
}

fn show(args: &Args, name: &str, needs: &Needs, ui: &mut Ui) -> Result<Outcome> {
    let destination = Destination::open(ui, &args.output)?;
    let mut spool = destination.spool()?;
    let (lang, today) = (ui.lang(), ui.today());
    disclose::read(ui, &args.output, "verify", "evidence", |store, reveal| {
        let key = subject::listing(store, name, lang)?.key;
        spool.push(&record(store, &key, needs, today, reveal)?)?;
        Ok(())
    })?;
    spool.deliver(destination, &Shape::new(&FIELDS.map(|(name, ..)| name)))?;
    Ok(Outcome::Done)
}

/// What is on file about a listing.
fn record(store: &Store, key: &str, needs: &Needs, today: Date, reveal: bool) -> Result<Value> {
    let stored = store.listing(key, false).map_err(open::failure)?;
    let stored = stored.ok_or_else(|| Failure::failed(format!("there is no listing {key}")))?;
    let evidence = store.evidence(key).map_err(open::failure)?;
    let missing = standing(&needs.of(&stored), &evidence, today).missing;
    let missing: Vec<&str> = missing.iter().map(|kind| kind.as_str()).collect();
    let verification = stored.verification_on(today);
    let verified = verification == Verification::Verified;
    let until = stored.verified_until.filter(|_| verified);
    let pieces = evidence.iter().map(|piece| {
        let at = model::jiff::Timestamp::from_microsecond(piece.at).ok();
        let masked = match Kind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == piece.kind)
        {
            Some(kind) => kind.mask(&piece.reference),
            None => mask::text(&piece.reference),
        };
        let reference = if reveal { &piece.reference } else { &masked };
        json!({
            "evidence_key": piece.key, "kind": piece.kind, "reference": reference,
            "at": at.map(|at| at.to_string()), "actor": piece.actor,
            "valid_until": piece.valid_until.map(|day| day.to_string()),
        })
    });
    Ok(json!({
        "listing_id": present(&stored.listing.listing_id),
        "listing_key": stored.key,
        "verification": verification.as_str(),
        "verified_until": until.map(|day| day.to_string()),
        "missing": missing,
        "evidence": pieces.collect::<Vec<Value>>(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_is_named_in_either_language() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(Kind::parse(" 房产证 "), Some(Kind::Certificate));
        assert_eq!(Kind::parse("passport"), None);
    }
}
