//! What a full feed may withdraw: which system's listings, within which scope, and how many at most.

use anyhow::Result;
use cli::expr::Expr;
use cli::{Allowance, Failure, Ui};
use model::field::{Kind, Storage, Value};
use model::jiff::civil::Date;
use model::listing::{Listing, ListingField};

use store::StoredListing;

use crate::args::Args;

/// The withdrawals a full feed asks for.
pub(crate) struct Plan {
    /// Originating system whose listings the feed holds.
    pub system: String,
    scope: Option<Expr>,
    most: Allowance,
}

impl Plan {
    /// Reads the arguments; none where the input is no full feed.
    pub(crate) fn new(args: &Args, ui: &Ui) -> Result<Option<Self>> {
        let Some(system) = args.feed.full_feed.clone() else {
            return Ok(None);
        };
        let scope = args
            .feed
            .scope
            .as_deref()
            .map(|scope| expression(scope, &[], ui))
            .transpose()?;
        let most = match args.feed.max_withdrawn {
            Some(most) => most,
            None => Allowance::parse(ui.config().text("listing-import.max_withdrawn"))
                .map_err(Failure::usage)?,
        };
        Ok(Some(Plan {
            system,
            scope,
            most,
        }))
    }

    /// Whether a stored listing is within the scope.
    pub(crate) fn holds(&self, listing: &Listing) -> bool {
        self.scope.as_ref().is_none_or(|scope| fits(scope, listing))
    }

    /// Refuses the run if more would be withdrawn than is allowed: the feed may be broken.
    pub(crate) fn allow(&self, missing: u64, in_scope: u64) -> Result<()> {
        if self.most.is_exceeded(missing, in_scope) {
            return Err(Failure::gate(format!(
                "{missing} of {in_scope} listings of `{}` are not in the feed; nothing was changed",
                self.system
            ))
            .hint("if the feed is whole, allow it with --max-withdrawn")
            .into());
        }
        Ok(())
    }
}

/// Reads an expression over the fields of listings, and `more`.
pub(crate) fn expression(text: &str, more: &[(&str, Kind)], ui: &Ui) -> Result<Expr> {
    let fields: Vec<_> = ListingField::ALL
        .iter()
        .filter(|field| field.field().storage != Storage::Sealed)
        .map(|field| (field.name(), field.field().kind))
        .chain(more.iter().copied())
        .collect();
    Ok(Expr::parse(text, &fields, ui.tz()).map_err(Failure::from)?)
}

/// What an expression may ask of a stored listing beside its fields.
pub(crate) const STORED: &[(&str, Kind)] = &[
    ("listing_key", Kind::Text),
    ("home_key", Kind::Text),
    ("frozen", Kind::Flag),
    ("verification", Kind::Code),
];

/// What an expression asks of a stored listing, as it is on a day.
pub(crate) fn stored<'s>(stored: &'s StoredListing, name: &str, today: Date) -> Option<Value<'s>> {
    match name {
        "listing_key" => Some(Value::Text(&stored.key)),
        "home_key" => Some(Value::Text(&stored.home_key)),
        "frozen" => Some(Value::Flag(stored.frozen)),
        "verification" => Some(Value::Text(stored.verification_on(today).as_str())),
        name => ListingField::from_name(name).map(|field| stored.listing.get(field)),
    }
}

/// Whether a listing fits an expression.
pub(crate) fn fits(expr: &Expr, listing: &Listing) -> bool {
    expr.matches(&|name| ListingField::from_name(name).map(|field| listing.get(field)))
}
