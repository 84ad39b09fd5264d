//! The insert of a run. Its statement stays prepared and names only the fields that the run has had
//! values for; what a row shares with the one before it stays bound.

use model::field::Stored;
use model::listing::ListingField;
use rusqlite::{Connection, Statement};

use super::ListingWrite;
use super::codec::{Bound, COLUMNS, Texts};
use super::statements;
use crate::error::Result;

/// Longest text that is compared with the one of the row before: codes and names of places come
/// again and again, titles and remarks do not.
const SHORT: usize = 24;

/// The insert, and what is bound to it.
pub(crate) struct Insert<'s> {
    conn: &'s Connection,
    run: i64,
    statement: Statement<'s>,
    /// Fields that the statement names, in the order of their parameters.
    named: Vec<ListingField>,
    /// By the place of a field in [`COLUMNS`]: its parameter; 0: not named.
    parameters: Vec<usize>,
    /// What is bound, by parameter.
    last: Vec<Last>,
    /// Parameters to which something is bound, by this row and the one before.
    bound: Parameters,
    before: Parameters,
    /// Whether a field of this row has no parameter yet.
    incomplete: bool,
}

/// What is bound to a parameter: a number, or a text if it is a short one.
#[derive(Debug, Clone, Default)]
struct Last {
    number: Option<i64>,
    text: String,
}

impl Last {
    fn clear(&mut self) {
        self.number = None;
        self.text.clear();
    }
}

impl std::fmt::Debug for Insert<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Insert")
            .field("named", &self.named)
            .finish_non_exhaustive()
    }
}

impl Insert<'_> {
    /// The parameters before those of the fields, numbered from 1.
    pub(crate) const HEAD: [&'static str; 12] = [
        "listing_key",
        "content_hash",
        "input",
        "line",
        "frozen",
        "place_hash",
        "agent_hash",
        "findings",
        "fact_numbers",
        "fact_texts",
        "detail",
        "sealed",
    ];
}

/// How many they are.
const HEAD: usize = Insert::HEAD.len();

impl<'s> Insert<'s> {
    pub(crate) fn new(conn: &'s Connection, run: i64) -> Result<Self> {
        Ok(Insert {
            conn,
            run,
            statement: prepare(conn, run, &[])?,
            named: Vec::new(),
            parameters: vec![0; COLUMNS.len()],
            last: vec![Last::default(); HEAD + 1],
            bound: Parameters::default(),
            before: Parameters::default(),
            incomplete: false,
        })
    }

    /// Binds a field of the row; the first value that a field has in the run gives it a parameter.
    #[inline]
    pub(crate) fn field(&mut self, place: usize, value: Stored<'_>) -> rusqlite::Result<()> {
        if self.parameters[place] == 0 {
            self.named.push(COLUMNS[place]);
            self.last.push(Last::default());
            self.parameters[place] = HEAD + self.named.len();
            self.incomplete = true;
        }
        if self.incomplete {
            return Ok(());
        }
        self.bind(self.parameters[place], value)
    }

    /// Whether every field of the row was bound. Where one got its parameter just now, the statement
    /// is prepared again, and the row has to be bound from its beginning.
    pub(crate) fn is_complete(&mut self) -> Result<bool> {
        if !std::mem::take(&mut self.incomplete) {
            return Ok(true);
        }
        self.statement = prepare(self.conn, self.run, &self.named)?;
        self.last.iter_mut().for_each(Last::clear);
        self.bound = Parameters::default();
        self.before = Parameters::default();
        Ok(false)
    }

    /// Inserts the row whose fields were bound; returns its id.
    pub(crate) fn execute(
        &mut self,
        write: &ListingWrite<'_>,
        texts: &Texts,
        sealed: Option<&[u8]>,
    ) -> Result<i64> {
        let text = |text| match text {
            "" | "[]" => None,
            text => Some(Stored::Text(text)),
        };
        let number = |number: i64| Some(Stored::Number(number));
        let head = [
            Some(Stored::Text(write.lookup.key.as_str())),
            number(write.hash as i64),
            number(write.input),
            number(write.line as i64),
            number(i64::from(write.frozen)),
            number(i64::from(write.lookup.place)),
            write
                .lookup
                .agent
                .map(|agent| Stored::Number(i64::from(agent))),
            text(write.findings_json),
            text(&texts.fact_numbers),
            text(&texts.fact_texts),
            text(&texts.detail),
        ];
        for (parameter, value) in (1..).zip(head) {
            if let Some(value) = value {
                self.bind(parameter, value)?;
            }
        }
        if let Some(sealed) = sealed {
            self.bound.add(HEAD);
            self.statement.raw_bind_parameter(HEAD, sealed)?;
        }
        for parameter in self.before.without(self.bound) {
            self.last[parameter].clear();
            self.statement
                .raw_bind_parameter(parameter, rusqlite::types::Null)?;
        }
        self.before = std::mem::take(&mut self.bound);
        self.statement.raw_execute()?;
        Ok(self.conn.last_insert_rowid())
    }

    fn bind(&mut self, parameter: usize, value: Stored<'_>) -> rusqlite::Result<()> {
        self.bound.add(parameter);
        let last = &mut self.last[parameter];
        match value {
            Stored::Number(number) => {
                if last.number.replace(number) == Some(number) {
                    return Ok(());
                }
            }
            Stored::Text(text) => {
                if last.text == text {
                    return Ok(());
                }
                last.text.clear();
                if text.len() <= SHORT {
                    last.text.push_str(text);
                }
            }
        }
        self.statement.raw_bind_parameter(parameter, Bound(value))
    }
}

fn prepare<'s>(conn: &'s Connection, run: i64, fields: &[ListingField]) -> Result<Statement<'s>> {
    let parameters = Insert::HEAD
        .into_iter()
        .chain(fields.iter().map(|field| field.name()));
    Ok(conn.prepare(&statements::insert(parameters, &run.to_string()))?)
}

/// A set of parameters, of which there are fewer than 128.
#[derive(Debug, Clone, Copy, Default)]
struct Parameters(u128);

impl Parameters {
    fn add(&mut self, parameter: usize) {
        self.0 |= 1 << parameter;
    }

    fn without(self, others: Self) -> impl Iterator<Item = usize> {
        let mut left = self.0 & !others.0;
        std::iter::from_fn(move || {
            let next = left.trailing_zeros() as usize;
            left &= left.wrapping_sub(1);
            (next < 128).then_some(next)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_has_its_bit() {
        assert!(HEAD + COLUMNS.len() < 128);
        let (mut one, mut other) = (Parameters::default(), Parameters::default());
        for parameter in [1, 5, 127] {
            one.add(parameter);
        }
        for parameter in [2, 5] {
            other.add(parameter);
        }
        assert_eq!(one.without(other).collect::<Vec<_>>(), [1, 127]);
    }
}
