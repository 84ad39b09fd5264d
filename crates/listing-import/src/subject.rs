//! What a person decides, what about, and why that may not be taken.

use std::collections::{HashMap, HashSet};

use anyhow::Result;
use cli::{Failure, open};
use model::identity::PublicKey;
use model::rule::Lang;
use store::{Correction, Question, Store, StoredListing};

/// What a person says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is in order; two listings are one home.
    Approve,
    /// It is not; two listings are two homes.
    Reject,
    /// The listing does not exist as advertised.
    False,
    /// Two listings are one home.
    Same,
    /// They are two.
    Different,
}

impl Verdict {
    /// Reads the word of a decision, in either language.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Some(match text.trim().to_lowercase().as_str() {
            "approve" | "approved" | "通过" | "批准" | "同意" => Verdict::Approve,
            "reject" | "rejected" | "驳回" | "拒绝" | "不通过" => Verdict::Reject,
            "false" | "虚假" | "虚假房源" => Verdict::False,
            "same" | "相同" | "同一套" => Verdict::Same,
            "different" | "不同" | "不是同一套" => Verdict::Different,
            _ => return None,
        })
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Verdict::Approve => "approve",
            Verdict::Reject => "reject",
            Verdict::False => "false",
            Verdict::Same => "same",
            Verdict::Different => "different",
        }
    }
}

/// Why a decision is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nothing has this key or id.
    Unknown(String),
    /// Several listings have this id.
    Several(String, Vec<String>),
    /// It was decided before.
    Decided(String),
    /// The listing does not wait for anybody.
    NotWaiting(String),
    /// The decision is of another kind of thing.
    OutOfPlace(Verdict, &'static str),
    /// A rejection says why.
    NoReason,
}

impl Refusal {
    /// What is wrong; it names keys and ids only.
    pub(crate) fn message(&self, lang: Lang) -> String {
        let zh = lang == Lang::Zh;
        match self {
            Refusal::Unknown(key) if zh => format!("没有编号为 {key} 的房源、修改申请或房源对"),
            Refusal::Unknown(key) => {
                format!("no listing, correction or pair has the key or id {key}")
            }
            Refusal::Several(id, keys) if zh => {
                format!("编号 {id} 对应多套房源：{}", keys.join("、"))
            }
            Refusal::Several(id, keys) => {
                format!("several listings have the id {id}: {}", keys.join(", "))
            }
            Refusal::Decided(how) if zh => format!("此前已处理（{how}）"),
            Refusal::Decided(how) => format!("already decided ({how})"),
            Refusal::NotWaiting(key) if zh => format!("{key} 不在待处理队列中"),
            Refusal::NotWaiting(key) => format!("{key} does not wait for a decision"),
            Refusal::OutOfPlace(verdict, what) if zh => {
                format!("“{}”不适用于{what}", verdict.as_str())
            }
            Refusal::OutOfPlace(verdict, what) => {
                format!("`{}` is no decision about a {what}", verdict.as_str())
            }
            Refusal::NoReason if zh => "驳回须说明理由".to_owned(),
            Refusal::NoReason => "a rejection needs a reason".to_owned(),
        }
    }

    /// The same as a failure of the whole command.
    pub(crate) fn failure(&self, lang: Lang) -> Failure {
        let message = self.message(lang);
        match self {
            Refusal::NoReason => {
                Failure::usage(message).hint("pass `--reason TEXT`; it is recorded")
            }
            Refusal::Unknown(_) | Refusal::NotWaiting(_) => {
                Failure::failed(message).hint("`listing-import queue` lists what waits")
            }
            Refusal::Several(..) => Failure::failed(message).hint("name one of the keys"),
            Refusal::Decided(_) => {
                Failure::failed(message).hint("`store-admin undo RUN` takes a decision back")
            }
            Refusal::OutOfPlace(..) => Failure::failed(message),
        }
    }
}

/// What a decision is about.
pub(crate) enum Subject {
    /// A listing.
    Listing(Box<StoredListing>),
    /// A correction of one.
    Correction(Correction),
    /// Two of them.
    Pair(Question),
}

/// What keys stand for: each is a queue key, a listing key or a listing id.
pub(crate) fn resolve<'k>(
    store: &Store,
    keys: impl Iterator<Item = &'k str>,
) -> Result<HashMap<String, Result<String, Refusal>>> {
    let mut found = HashMap::new();
    let mut ids = HashSet::new();
    for key in keys {
        if PublicKey::parse(key).is_some() && subject(store, key)?.is_some() {
            found.insert(key.to_owned(), Ok(key.to_owned()));
        } else {
            ids.insert(key.to_owned());
        }
    }
    if ids.is_empty() {
        return Ok(found);
    }
    let mut named = store.listing_keys(&ids).map_err(open::failure)?;
    for id in ids {
        let mut keys = named.remove(&id).unwrap_or_default();
        let of_id = match (keys.len(), keys.pop()) {
            (1, Some(key)) => Ok(key),
            (_, None) => Err(Refusal::Unknown(id.clone())),
            (_, Some(last)) => {
                keys.push(last);
                Err(Refusal::Several(id.clone(), keys))
            }
        };
        found.insert(id, of_id);
    }
    Ok(found)
}

/// The one listing that a key or an id names.
pub(crate) fn listing(store: &Store, name: &str, lang: Lang) -> Result<StoredListing> {
    let resolved = resolve(store, std::iter::once(name))?.remove(name);
    let key = match resolved {
        Some(Ok(key)) => key,
        Some(Err(refusal)) => return Err(refusal.failure(lang).into()),
        None => return Err(Refusal::Unknown(name.to_owned()).failure(lang).into()),
    };
    match subject(store, &key)? {
        Some(Subject::Listing(stored)) => Ok(*stored),
        _ => Err(Failure::failed(match lang {
            Lang::En => format!("{name} is not a listing"),
            Lang::Zh => format!("{name} 不是房源"),
        })
        .hint("name a listing by its key or id")
        .into()),
    }
}

/// What has a key.
pub(crate) fn subject(store: &Store, key: &str) -> Result<Option<Subject>> {
    if let Some(stored) = store.listing(key, false).map_err(open::failure)? {
        return Ok(Some(Subject::Listing(Box::new(stored))));
    }
    if let Some(correction) = store.correction(key).map_err(open::failure)? {
        return Ok(Some(Subject::Correction(correction)));
    }
    let pair = store.question(key).map_err(open::failure)?;
    Ok(pair.map(Subject::Pair))
}
