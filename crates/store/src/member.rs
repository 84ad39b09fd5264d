//! Members (agents), as rosters tell of them; found by the ids their sources write.

use std::collections::{HashMap, HashSet};

use model::codes::MemberStatus;
use model::field::Storage;
use model::identity::{PublicKey, member_key};
use model::member::{Member, MemberField};
use rusqlite::{OptionalExtension, Row, named_params};

use crate::error::{Error, ErrorKind, Result};
use crate::image::MEMBER;
use crate::listing::Action;
use crate::queries;
use crate::record;
use crate::run::Run;
use crate::store::Store;

/// A member as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredMember {
    id: i64,
    /// Public key.
    pub key: String,
    /// Key of the office, where one is named.
    pub office_key: Option<String>,
    /// The fields; private ones only where they were asked for.
    pub member: Member,
}

/// Every member, found by what a source writes for one.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    members: Vec<StoredMember>,
    by_key: HashMap<String, usize>,
    by_id: HashMap<String, Vec<usize>>,
    /// Systems whose rosters tell licences.
    licensing: HashSet<String>,
}

impl Roster {
    fn new(members: Vec<StoredMember>) -> Self {
        let mut roster = Roster::default();
        for (place, stored) in members.iter().enumerate() {
            let member = &stored.member;
            roster.by_key.insert(stored.key.clone(), place);
            if !member.licence.is_empty() || member.licence_expires.is_some() {
                let system = member.originating_system_name.clone();
                roster.licensing.insert(system);
            }
            let by_id = roster.by_id.entry(member.member_id.clone()).or_default();
            by_id.push(place);
            // A source may write its own key where another of its tables writes an id.
            if member.originating_system_key != member.member_id {
                let system_key = member.originating_system_key.clone();
                roster.by_id.entry(system_key).or_default().push(place);
            }
        }
        roster.members = members;
        roster
    }

    /// Whether it holds nobody.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Every member, ordered by key.
    pub fn members(&self) -> &[StoredMember] {
        &self.members
    }

    /// Whether the roster of a member's system tells licences: where it does not, none is missing.
    pub fn tells_licence(&self, member: &Member) -> bool {
        self.licensing.contains(&member.originating_system_name)
    }

    /// Whether any roster tells licences.
    pub fn tells_licences(&self) -> bool {
        !self.licensing.is_empty()
    }

    /// Whom a record of a system means: our key, else an id of the same system, else an id that just one
    /// member has.
    pub fn find(&self, system: &str, written: &str) -> Option<&StoredMember> {
        if let Some(place) = self.by_key.get(written) {
            return self.members.get(*place);
        }
        let found = self.by_id.get(written)?;
        let of_system = found
            .iter()
            .find(|place| self.members[**place].member.originating_system_name == system);
        let place = match (of_system, found.as_slice()) {
            (Some(place), _) | (None, [place]) => place,
            _ => return None,
        };
        self.members.get(*place)
    }
}

impl Run<'_> {
    /// Stores a member; returns its key and what became of it.
    pub fn upsert_member(
        &mut self,
        member: &Member,
        office: Option<&PublicKey>,
    ) -> Result<(PublicKey, Action)> {
        let key = member_key(
            &member.originating_system_name,
            &member.originating_system_key,
        );
        let stored = self.store.member(key.as_str())?;
        let office_key = office.map(|office| office.as_str().to_owned());
        if let Some(stored) = &stored
            && stored.member == *member
            && stored.office_key == office_key
        {
            return Ok((key, Action::Unchanged));
        }
        let fields = || {
            MemberField::ALL
                .iter()
                .map(|field| (field.field(), member.get(*field)))
        };
        let sealed = record::object(fields(), Storage::Sealed)
            .map(|private| {
                self.store
                    .sealer()?
                    .seal(&place(key.as_str()), private.as_bytes())
            })
            .transpose()?;
        let conn = &self.store.conn;
        let office: Option<i64> = match office {
            Some(office) => conn
                .prepare_cached(queries::OFFICE_ID)?
                .query_row([office.as_str()], |row| row.get(0))
                .optional()?,
            None => None,
        };
        let given = |text: &'_ str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let name = given(&member.member_full_name);
        let status = member.member_status.map(|status| status.as_str());
        let (role, licence) = (given(&member.role), given(&member.licence));
        let expires = member.licence_expires.map(|day| day.to_string());
        let detail = record::object(fields(), Storage::Detail);
        match stored {
            None => {
                conn.prepare_cached(queries::MEMBER_INSERT)?
                    .execute(named_params! {
                        "$key": key.as_str(), "$system": member.originating_system_name,
                        "$system_key": member.originating_system_key, "$member_id": member.member_id,
                        "$name": name, "$status": status, "$office": office, "$role": role,
                        "$licence": licence, "$expires": expires, "$detail": detail, "$sealed": sealed,
                        "$run": self.number,
                    })?;
                Ok((key, Action::New))
            }
            Some(stored) => {
                self.save_image_once(MEMBER, stored.id)?;
                self.store
                    .conn
                    .prepare_cached(queries::MEMBER_UPDATE)?
                    .execute(named_params! {
                        "$member_id": member.member_id, "$name": name, "$status": status,
                        "$office": office, "$role": role, "$licence": licence, "$expires": expires,
                        "$detail": detail, "$sealed": sealed, "$run": self.number, "$id": stored.id,
                    })?;
                Ok((key, Action::Changed))
            }
        }
    }
}

impl Run<'_> {
    /// Brings a member that no roster has brought into being, with what is known; it has no status until one does.
    /// Returns its key.
    pub fn new_member(&mut self, system: &str, member_id: &str, name: &str) -> Result<String> {
        let member = Member {
            originating_system_name: system.to_owned(),
            originating_system_key: member_id.to_owned(),
            member_id: member_id.to_owned(),
            member_full_name: name.to_owned(),
            ..Member::default()
        };
        Ok(self.upsert_member(&member, None)?.0.to_string())
    }

    /// Sets whether a member is active.
    pub fn set_member_status(&mut self, key: &str, status: MemberStatus) -> Result<()> {
        let id: Option<i64> = self
            .store
            .conn
            .prepare_cached(queries::MEMBER_ID)?
            .query_row([key], |row| row.get(0))
            .optional()?;
        let id =
            id.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("there is no member {key}")))?;
        self.save_image_once(MEMBER, id)?;
        self.store
            .conn
            .prepare_cached(queries::MEMBER_SET_STATUS)?
            .execute(named_params! {
                "$status": status.as_str(), "$run": self.number, "$id": id,
            })?;
        Ok(())
    }
}

impl Store {
    /// Every member, private fields left closed.
    pub fn roster(&self) -> Result<Roster> {
        let mut members = Vec::new();
        let mut statement = self.conn.prepare_cached(queries::MEMBER_LIST)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            members.push(read(row)?);
        }
        Ok(Roster::new(members))
    }

    /// The id of an office by its key, as its source wrote it.
    pub fn office_id(&self, office_key: &str) -> Result<Option<String>> {
        Ok(self
            .conn
            .prepare_cached(queries::OFFICE_ID_BY_KEY)?
            .query_row([office_key], |row| row.get(0))
            .optional()?)
    }

    /// One member with its private fields, to be compared or shown. A caller that shows them records who saw
    /// them, and why.
    pub fn member(&self, key: &str) -> Result<Option<StoredMember>> {
        let mut statement = self.conn.prepare_cached(queries::MEMBER_ONE)?;
        let mut rows = statement.query([key])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let mut stored = read(row)?;
        let sealed: Option<Vec<u8>> = row.get(12)?;
        if let Some(sealed) = sealed {
            let plain = self.sealer()?.open(&place(key), &sealed)?;
            let text = String::from_utf8(plain).map_err(|_| damaged(key))?;
            set(&text, key, &mut stored.member)?;
        }
        Ok(Some(stored))
    }
}

fn read(row: &Row<'_>) -> Result<StoredMember> {
    let text = |column| -> Result<String> {
        Ok(row.get::<_, Option<String>>(column)?.unwrap_or_default())
    };
    let key = text(1)?;
    let mut member = Member::default();
    let detail = text(11)?;
    if !detail.is_empty() {
        set(&detail, &key, &mut member)?;
    }
    member.originating_system_name = text(2)?;
    member.originating_system_key = text(3)?;
    member.member_id = text(4)?;
    member.member_full_name = text(5)?;
    member.member_status = MemberStatus::from_code(&text(6)?);
    member.role = text(8)?;
    member.licence = text(9)?;
    member.licence_expires = text(10)?.parse().ok();
    Ok(StoredMember {
        id: row.get(0)?,
        office_key: row.get(7)?,
        member,
        key,
    })
}

/// Sets the fields of an object.
fn set(text: &str, key: &str, member: &mut Member) -> Result<()> {
    let whole = record::read(text, |name, json| {
        // A field that a later version dropped is left alone.
        if let Some(field) = MemberField::from_name(name) {
            member.set(field, record::value(json, field.field().kind));
        }
    });
    if whole { Ok(()) } else { Err(damaged(key)) }
}

fn damaged(key: &str) -> Error {
    Error::new(
        ErrorKind::Corrupt,
        format!("member {key} is damaged; run `store-admin verify`"),
    )
}

/// What a member's sealed value is bound to.
pub(crate) fn place(key: &str) -> Vec<u8> {
    [b"member\0sealed\0", key.as_bytes()].concat()
}
