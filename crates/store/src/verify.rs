//! Checking a store: the file, the references, the key, and the chain of decisions.

use rusqlite::types::ValueRef;

use crate::decision::{Link, entry_text, run_link};
use crate::error::Result;
use crate::key::to_hex;
use crate::queries;
use crate::schema;
use crate::store::Store;

/// What a check found.
#[derive(Debug, Clone, Default)]
pub struct Verified {
    /// What is wrong; nothing, if all is well.
    pub problems: Vec<String>,
    /// Runs whose work was kept.
    pub runs: u64,
    /// Decisions checked.
    pub decisions: u64,
    /// Sealed values opened.
    pub sealed: u64,
    /// End of the chain, to be remembered outside the store.
    pub head: Option<String>,
}

/// Problems of one sort after which a check stops counting.
const ENOUGH: usize = 20;

impl Store {
    /// Checks the whole store. `head` is an end of the chain remembered from earlier: it must be in
    /// the chain still.
    pub fn verify(&self, head: Option<&str>) -> Result<Verified> {
        let mut found = Verified::default();
        self.verify_file(&mut found)?;
        self.verify_references(&mut found)?;
        self.verify_chain(head, &mut found)?;
        if self.sealer.is_some() {
            self.verify_sealed(&mut found)?;
        }
        Ok(found)
    }

    fn verify_file(&self, found: &mut Verified) -> Result<()> {
        let mut statement = self.conn.prepare("PRAGMA integrity_check(20)")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            if text != "ok" {
                found.problems.push(format!("the file is damaged: {text}"));
            }
        }
        Ok(())
    }

    fn verify_references(&self, found: &mut Verified) -> Result<()> {
        let mut statement = self.conn.prepare("PRAGMA foreign_key_check")?;
        let mut rows = statement.query([])?;
        let mut count = 0;
        while let Some(row) = rows.next()? {
            let (table, parent): (String, String) = (row.get(0)?, row.get(2)?);
            found
                .problems
                .push(format!("a {table} refers to a {parent} that is not there"));
            count += 1;
            if count == ENOUGH {
                break;
            }
        }
        let strays: i64 = self
            .conn
            .query_row(queries::LISTING_STRAYS, [], |row| row.get(0))?;
        if strays > 0 {
            found.problems.push(format!(
                "{strays} listings name a run or input that is not there"
            ));
        }
        Ok(())
    }

    fn verify_chain(&self, head: Option<&str>, found: &mut Verified) -> Result<()> {
        let mut statement = self.conn.prepare_cached(queries::RUN_CHAINED)?;
        let runs: Vec<(i64, Vec<u8>, Vec<u8>)> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut previous: Vec<u8> = Vec::new();
        let mut remembered = head.is_none();
        for (number, run_head, chain) in &runs {
            if self.verify_decisions(*number, found)? != *run_head {
                found.problems.push(format!(
                    "the decisions of run {number} do not end where the run says: entries were \
                     cut off"
                ));
            }
            let entry = self
                .conn
                .prepare_cached(queries::RUN_ENTRY)?
                .query_row([number], entry_text)?;
            if run_link(&entry, run_head, &previous) != chain.as_slice() {
                found.problems.push(format!(
                    "run {number} does not continue the run before it: its entry, or a run before \
                     it, was changed or removed"
                ));
            }
            previous.clone_from(chain);
            remembered |= head.is_some_and(|head| head.eq_ignore_ascii_case(&to_hex(chain)));
        }
        found.runs = runs.len() as u64;
        found.head = runs.last().map(|(_, _, chain)| to_hex(chain));
        if !remembered {
            found.problems.push(
                "the remembered head is not in the chain: runs were removed, or this is another \
                 store"
                    .to_owned(),
            );
        }
        let loose: i64 = self
            .conn
            .query_row(queries::DECISION_COUNT_LOOSE, [], |row| row.get(0))?;
        if loose > 0 {
            found.problems.push(format!(
                "{loose} decisions belong to a run without an end: its entry was changed"
            ));
        }
        let kept = schema::meta(&self.conn, "chain_seal")?;
        let expected = match (&self.sealer, runs.last()) {
            (Some(sealer), Some((number, _, chain))) => Some(sealer.chain_seal(*number, chain)),
            (Some(_), None) => None,
            (None, _) => return Ok(()),
        };
        if kept != expected {
            found.problems.push(
                "the chain's end is not sealed: the last runs were changed or removed".into(),
            );
        }
        Ok(())
    }

    /// Checks the decisions of a run; returns the hash of the last that fits.
    fn verify_decisions(&self, run: i64, found: &mut Verified) -> Result<Vec<u8>> {
        let mut statement = self.conn.prepare_cached(queries::DECISION_LIST)?;
        let mut rows = statement.query([run])?;
        let mut head = vec![0; 32];
        let mut expected = 1;
        while let Some(row) = rows.next()? {
            let seq: i64 = row.get(0)?;
            let (kind, subject): (String, String) = (row.get(2)?, row.get(3)?);
            let payload_hash: Vec<u8> = row.get(5)?;
            let (previous, hash): (Vec<u8>, Vec<u8>) = (row.get(6)?, row.get(7)?);
            let link = Link {
                run,
                seq,
                at: row.get(1)?,
                kind: &kind,
                subject: &subject,
                payload_hash: &payload_hash,
                previous: &head,
            };
            let intact = seq == expected && previous == head && link.hash() == hash.as_slice();
            // An erased payload leaves its hash.
            let payload = match (row.get_ref(4)?, &self.sealer) {
                (ValueRef::Text(text), Some(sealer)) => {
                    let text = std::str::from_utf8(text).unwrap_or_default();
                    sealer.payload_hash(text) == payload_hash.as_slice()
                }
                _ => true,
            };
            if !intact || !payload {
                found.problems.push(format!(
                    "decision {seq} of run {run} was changed, or one before it removed"
                ));
                return Ok(hash);
            }
            head = hash;
            expected += 1;
            found.decisions += 1;
        }
        Ok(head)
    }

    fn verify_sealed(&self, found: &mut Verified) -> Result<()> {
        type Place = fn(&str) -> Vec<u8>;
        let sealed: [(&str, Place, &str); 4] = [
            (
                queries::LISTING_SEALED,
                crate::listing::codec::place,
                "the private fields of listing",
            ),
            (
                queries::CORRECTION_SEALED,
                crate::correction::place,
                "the private changes of correction",
            ),
            (
                queries::EVIDENCE_SEALED,
                crate::evidence::place,
                "the references of evidence",
            ),
            (
                queries::MEMBER_SEALED,
                crate::member::place,
                "the private fields of member",
            ),
        ];
        let sealer = self.sealer()?;
        for (query, place, what) in sealed {
            let mut statement = self.conn.prepare(query)?;
            let mut rows = statement.query([])?;
            let mut broken = 0;
            while let Some(row) = rows.next()? {
                let key: String = row.get(0)?;
                let sealed: Vec<u8> = row.get(1)?;
                if sealer.open(&place(&key), &sealed).is_ok() {
                    found.sealed += 1;
                } else {
                    broken += 1;
                    if broken <= ENOUGH {
                        found.problems.push(format!("{what} {key} do not open"));
                    }
                }
            }
        }
        Ok(())
    }
}
