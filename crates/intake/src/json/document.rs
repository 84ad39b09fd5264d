//! A JSON document: an array of objects, an object that holds one such array, or a single object.
//! Elements are cut out one by one, so that a document of any size is read in little memory.

use std::io::{BufReader, Read};

use crate::{Error, ErrorKind, Fault, Record};

use super::Columns;

/// Objects around the array of records that are looked into; nobody writes more than two or three.
const DEEPEST_WRAPPER: usize = 32;
/// Bytes one element may have.
const MAX_ELEMENT: usize = 32 << 20;
/// Keys under which services put their records.
const WRAPPERS: [&str; 14] = [
    "data", "items", "results", "result", "records", "rows", "list", "listings", "value",
    "content", "houses", "leads", "reviews", "entries",
];

/// Where in the document the reading stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    InArray,
    After,
}

/// Reads the elements of a document.
pub(crate) struct Document {
    input: BufReader<Box<dyn Read + Send>>,
    name: String,
    piece: Vec<u8>,
    at: usize,
    line: u64,
    byte: u64,
    /// Only blanks stand before this place on its line.
    fresh: bool,
    /// Elements so far.
    count: u64,
    state: State,
    element: Vec<u8>,
    cells: Vec<String>,
    wrapper: Option<String>,
}

/// Where an element stands.
struct Place {
    line: u64,
    byte: u64,
    /// It begins its line.
    fresh: bool,
    too_large: bool,
}

impl Document {
    /// The document in `input`, whose first byte is the `byte`-th of the file.
    pub(crate) fn new(input: Box<dyn Read + Send>, name: &str, byte: u64) -> Self {
        Document {
            input: BufReader::with_capacity(64 << 10, input),
            name: name.to_owned(),
            piece: Vec::new(),
            at: 0,
            line: 1,
            byte,
            fresh: true,
            count: 0,
            state: State::Before,
            element: Vec::new(),
            cells: Vec::new(),
            wrapper: None,
        }
    }

    /// The key under which the records were found.
    pub(crate) fn wrapper(&self) -> Option<&str> {
        self.wrapper.as_deref()
    }

    /// Takes up the keys of all elements; the number of elements.
    pub(crate) fn learn(&mut self, columns: &mut Columns) -> Result<u64, Error> {
        let mut count = 0;
        while let Some(place) = self.next()? {
            count += 1;
            if !place.too_large {
                columns.learn(&self.element, &self.name)?;
            }
        }
        Ok(count)
    }

    /// Reads the next record; false at the end.
    pub(crate) fn read(&mut self, columns: &Columns, record: &mut Record) -> Result<bool, Error> {
        let Some(place) = self.next()? else {
            return Ok(false);
        };
        self.count += 1;
        record.start(place.line, place.byte);
        if !place.fresh {
            record.set_item(self.count);
        }
        if place.too_large {
            record.set_fault(Fault::TooLarge);
            self.element.truncate(4 << 10);
            record.push_bytes(&self.element);
        } else {
            columns.fill(&self.element, &mut self.cells, record);
        }
        Ok(true)
    }

    /// Cuts out the next element.
    fn next(&mut self) -> Result<Option<Place>, Error> {
        if self.state == State::Before {
            match self.skip_blanks()? {
                None => self.state = State::After,
                Some(b'[') => {
                    self.bump();
                    self.state = State::InArray;
                }
                Some(_) => return self.object_at_top(0),
            }
        }
        if self.state == State::After {
            return Ok(None);
        }
        loop {
            match self.skip_blanks()? {
                None => return Err(self.broken("breaks off inside its array")),
                Some(b']') => {
                    self.bump();
                    self.state = State::After;
                    if self.wrapper.is_none() && self.skip_blanks()?.is_some() {
                        return Err(self.broken("has text after its array"));
                    }
                    return Ok(None);
                }
                Some(b',') => self.bump(),
                Some(_) => return self.value().map(Some),
            }
        }
    }

    /// An object as the whole document: the array of records in it, or the one record it is.
    /// `depth` counts the objects around it.
    fn object_at_top(&mut self, depth: usize) -> Result<Option<Place>, Error> {
        if depth > DEEPEST_WRAPPER {
            return Err(self.broken("has objects within objects without end"));
        }
        let (line, byte) = (self.line, self.byte);
        // everything up to the array is kept, in case there is none
        let mut seen = vec![b'{'];
        self.bump();
        let mut keys = 0;
        loop {
            match self.skip_blanks()? {
                None => return Err(self.broken("breaks off inside its object")),
                Some(b'}') => {
                    seen.push(b'}');
                    self.bump();
                    break;
                }
                Some(one @ (b',' | b':')) => {
                    seen.push(one);
                    self.bump();
                }
                Some(b'"') => {
                    self.value()?;
                    let key = std::mem::take(&mut self.element);
                    seen.extend(&key);
                    keys += 1;
                    if self.skip_blanks()? != Some(b':') {
                        continue;
                    }
                    seen.push(b':');
                    self.bump();
                    let name: String = serde_json::from_slice(&key).unwrap_or_default();
                    let first = self.skip_blanks()?;
                    let known = WRAPPERS.contains(&name.to_ascii_lowercase().as_str());
                    let only = keys == 1 && !known;
                    if first == Some(b'[') && known || first == Some(b'[') && only {
                        self.bump();
                        let opens = self.skip_blanks()?;
                        if opens == Some(b'{') || known && opens == Some(b']') {
                            self.wrapper = Some(name);
                            self.state = State::InArray;
                            return self.next();
                        }
                        // an array of plain values: the rest of it is an ordinary value
                        seen.push(b'[');
                        self.rest_of_array(&mut seen)?;
                        continue;
                    }
                    if first == Some(b'{') && known {
                        // {"data":{"list":[…]}}: look inside
                        let inner = self.object_at_top(depth + 1)?;
                        if self.wrapper.is_some() {
                            return Ok(inner);
                        }
                        self.state = State::Before;
                        seen.extend(&self.element);
                        continue;
                    }
                    self.value()?;
                    seen.extend(&self.element);
                }
                Some(_) => {
                    self.value()?;
                    seen.extend(&self.element);
                }
            }
            if seen.len() > MAX_ELEMENT {
                return Err(self.too_large());
            }
        }
        self.state = State::After;
        self.element = seen;
        Ok(Some(Place {
            line,
            byte,
            // there is no other
            fresh: true,
            too_large: false,
        }))
    }

    /// Copies what is left of an array that was opened.
    fn rest_of_array(&mut self, seen: &mut Vec<u8>) -> Result<(), Error> {
        loop {
            match self.skip_blanks()? {
                None => return Err(self.broken("breaks off inside an array")),
                Some(b']') => {
                    seen.push(b']');
                    self.bump();
                    return Ok(());
                }
                Some(b',') => {
                    seen.push(b',');
                    self.bump();
                }
                Some(_) => {
                    self.value()?;
                    seen.extend(&self.element);
                }
            }
            if seen.len() > MAX_ELEMENT {
                return Err(self.too_large());
            }
        }
    }

    /// Cuts out one value: to its closing bracket, its closing quote, or the next separator.
    fn value(&mut self) -> Result<Place, Error> {
        let mut place = Place {
            line: self.line,
            byte: self.byte,
            fresh: self.fresh,
            too_large: false,
        };
        self.element.clear();
        let mut depth = 0usize;
        let mut quoted = false;
        let mut escaped = false;
        let mut bare = false;
        while let Some(byte) = self.peek()? {
            if quoted {
                match byte {
                    _ if escaped => escaped = false,
                    b'\\' => escaped = true,
                    b'"' => quoted = false,
                    _ => {}
                }
            } else {
                match byte {
                    b'"' if bare => break,
                    b'"' => quoted = true,
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' if depth == 0 => break,
                    b'}' | b']' => depth -= 1,
                    b',' | b':' if depth == 0 => break,
                    _ if depth == 0 && byte.is_ascii_whitespace() => break,
                    _ if depth == 0 => bare = true,
                    _ => {}
                }
            }
            if self.element.len() < MAX_ELEMENT {
                self.element.push(byte);
            } else {
                place.too_large = true;
            }
            self.bump();
            if depth == 0 && !quoted && !bare {
                return Ok(place);
            }
        }
        if depth > 0 || quoted {
            return Err(self.broken("breaks off inside a record"));
        }
        if self.element.is_empty() {
            // a bracket that closes nothing: taken, so that reading goes on
            let byte = self.peek()?;
            self.element.extend(byte);
            self.bump();
        }
        Ok(place)
    }

    /// The next byte, without taking it.
    fn peek(&mut self) -> Result<Option<u8>, Error> {
        if self.at == self.piece.len() {
            self.piece.resize(64 << 10, 0);
            self.at = 0;
            let read = loop {
                match self.input.read(&mut self.piece) {
                    Ok(read) => break read,
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(Error::io(format!("read `{}`", self.name), error)),
                }
            };
            self.piece.truncate(read);
        }
        Ok(self.piece.get(self.at).copied())
    }

    /// Takes the byte that was looked at.
    fn bump(&mut self) {
        if let Some(byte) = self.piece.get(self.at) {
            match byte {
                b'\n' => {
                    self.line += 1;
                    self.fresh = true;
                }
                other => self.fresh &= other.is_ascii_whitespace(),
            }
            self.byte += 1;
            self.at += 1;
        }
    }

    fn skip_blanks(&mut self) -> Result<Option<u8>, Error> {
        loop {
            match self.peek()? {
                Some(byte) if byte.is_ascii_whitespace() => self.bump(),
                other => return Ok(other),
            }
        }
    }

    fn broken(&self, what: &str) -> Error {
        Error::new(
            ErrorKind::Damaged,
            format!("`{}`, line {}: the JSON {what}", self.name, self.line),
        )
        .with_hint("export it again, or as one object a line")
    }

    fn too_large(&self) -> Error {
        Error::new(
            ErrorKind::TooLarge,
            format!("`{}` holds one JSON object of more than 32 MiB", self.name),
        )
        .with_hint("export an array of records, or one object a line")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn elements(text: &str) -> Result<Vec<(u64, String)>, Error> {
        let mut document = Document::new(Box::new(Cursor::new(text.to_owned())), "x", 0);
        let mut found = Vec::new();
        while let Some(place) = document.next()? {
            let element = String::from_utf8(document.element.clone()).unwrap();
            assert!(text[place.byte as usize..].starts_with(&element[..1]));
            found.push((place.line, element));
        }
        Ok(found)
    }

    fn texts(text: &str) -> Vec<String> {
        let found = elements(text).unwrap();
        found.into_iter().map(|(_, element)| element).collect()
    }

    #[test]
    fn arrays_and_wrappings() {
        let found = elements("[\n{\"a\":\"]}\\\"\"},\n {\"b\":[1,{}]}, 5, \"x\", null]\n").unwrap();
        assert_eq!(found[0], (2, "{\"a\":\"]}\\\"\"}".into()));
        assert_eq!(found[1], (3, "{\"b\":[1,{}]}".into()));
        assert_eq!(found.len(), 5);
        assert_eq!(
            texts("{\"count\":2,\"data\":[{\"a\":1},{\"a\":2}],\"next\":null}").len(),
            2
        );
        assert_eq!(
            texts("{\"code\":0,\"data\":{\"total\":1,\"list\":[{\"a\":1}]}}"),
            ["{\"a\":1}"]
        );
        assert_eq!(texts("{\"homes\":[{\"a\":1}]}"), ["{\"a\":1}"]);
        assert_eq!(texts("[]").len(), 0);
        assert_eq!(texts("{\"data\":[]}").len(), 0);
    }

    #[test]
    fn a_single_object_is_one_record() {
        let text =
            "{\"id\": 1, \"photos\": [{\"u\":\"x\"}], \"data\": {\"k\": [1, 2]}, \"list\": [3, 4]}";
        let wanted = "{\"id\":1,\"photos\":[{\"u\":\"x\"}],\"data\":{\"k\":[1,2]},\"list\":[3,4]}";
        assert_eq!(texts(text), [wanted]);
    }

    #[test]
    fn broken_documents_say_so() {
        for text in [
            "[{\"a\":1}",
            "[{\"a\":",
            "{\"a\":1",
            "[{\"a\":\"x",
            "[{}] x",
        ] {
            let kind = elements(text).map_err(|error| error.kind());
            assert_eq!(kind, Err(ErrorKind::Damaged), "{text}");
        }
        assert_eq!(texts("[}, {\"a\":1}]").len(), 2);
    }
}
