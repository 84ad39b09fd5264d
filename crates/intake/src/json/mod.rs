//! JSON: one object a line, or a document with an array of objects. The keys are the columns.

mod document;
mod flatten;
mod lines;

pub(crate) use document::Document;
pub(crate) use flatten::Columns;
use flatten::is_object;
pub(crate) use lines::Lines;

/// What kind of JSON a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Json {
    /// None.
    No,
    /// An object a line.
    Lines,
    /// A document.
    Document,
}

impl Json {
    /// Judges the beginning of a text.
    pub(crate) fn of(head: &[u8]) -> Self {
        let text = head.trim_ascii_start();
        let second = text
            .get(1..)
            .map_or(&b""[..], |rest| rest.trim_ascii_start());
        match text.first() {
            Some(b'[') if second.is_empty() || matches!(second[0], b'{' | b']') => Json::Document,
            Some(b'{') if second.is_empty() || matches!(second[0], b'"' | b'}') => {
                let mut lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
                let first = lines.next().unwrap_or_default();
                let whole = |line: &[u8]| {
                    is_object(line) && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
                };
                let next = lines.find(|line| !line.is_empty());
                match (whole(first), next) {
                    // one line alone may hold the records of all
                    (true, None) => Json::Document,
                    (true, Some(_)) => Json::Lines,
                    // a bad first line is followed by a good one
                    (false, Some(next)) if whole(next) => Json::Lines,
                    (false, _) => Json::Document,
                }
            }
            _ => Json::No,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_json() {
        assert_eq!(Json::of(b"{\"a\":1}\n{\"a\":2}\n"), Json::Lines);
        assert_eq!(Json::of(b"{bad\n"), Json::No);
        assert_eq!(Json::of(b"{\"a\":\n{\"a\":2}\n"), Json::Lines);
        assert_eq!(Json::of(b" [ {\"a\":1}]"), Json::Document);
        assert_eq!(Json::of(b"{\n  \"a\": 1\n}"), Json::Document);
        assert_eq!(Json::of(b"[id],[name]\n"), Json::No);
    }
}
