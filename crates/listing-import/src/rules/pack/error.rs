//! Why a pack cannot be used, and where in its file.

use std::fmt;
use std::ops::Range;

use cli::nearest_of;
use unicode_width::UnicodeWidthChar;

/// Columns shown of a long line.
const SHOWN: usize = 96;

/// Why a pack cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackError {
    /// What is wrong, led by file, line and column.
    message: String,
    /// The line with a caret below the place, where there is one.
    picture: String,
}

impl PackError {
    /// A mistake at a place of a pack's text.
    pub(super) fn at(origin: &str, text: &str, span: Range<usize>, message: &str) -> Self {
        let boundary = |mut at: usize| {
            at = at.min(text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = boundary(span.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..]
            .find(['\r', '\n'])
            .map_or(text.len(), |at| start + at);
        let end = boundary(span.end).clamp(start, line_end);
        let line = 1 + text[..start].matches('\n').count();
        let column = 1 + text[line_start..start].chars().count();
        PackError {
            message: format!("{origin}:{line}:{column}: {}", clean(message)),
            picture: picture(
                line,
                &text[line_start..start],
                &text[start..end],
                &text[end..line_end],
            ),
        }
    }

    /// What the TOML reader has to say.
    pub(super) fn of_toml(origin: &str, text: &str, error: &toml::de::Error) -> Self {
        let message = error.message();
        let mut quoted = message.split('`').skip(1).step_by(2);
        let nearest = match quoted.next() {
            Some(unknown) if message.starts_with("unknown field") => nearest_of(unknown, quoted)
                .map(|near| format!("unknown key `{unknown}`; the nearest is `{near}`")),
            _ => None,
        };
        let message = match nearest {
            Some(message) => message,
            None => message
                .trim_end()
                .replace("unknown field", "unknown key")
                .replace("missing field", "missing key"),
        };
        let span = error.span().unwrap_or_default();
        PackError::at(origin, text, span, &message)
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.message, self.picture)
    }
}

impl std::error::Error for PackError {}

/// What a terminal would obey is shown as a mark.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            c if c.is_control() => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

fn width(c: char) -> usize {
    c.width().unwrap_or_default()
}

/// As many of the characters as there is room for.
fn fitting(chars: impl Iterator<Item = char>, room: &mut usize) -> Vec<char> {
    chars
        .take_while(|c| {
            let fits = width(*c) <= *room;
            *room -= width(*c).min(*room);
            fits
        })
        .collect()
}

/// The line around the place, and carets below it.
fn picture(line: usize, before: &str, place: &str, after: &str) -> String {
    let [before, place, after] = [before, place, after].map(clean);
    let mut head = fitting(before.chars().rev(), &mut (SHOWN / 2));
    if head.len() < before.chars().count() {
        head.push('…');
    }
    let head: String = head.into_iter().rev().collect();
    let mut room = SHOWN / 2;
    let shown: String = fitting(place.chars(), &mut room).into_iter().collect();
    let tail: String = fitting(after.chars(), &mut room).into_iter().collect();
    let columns = |text: &str| text.chars().map(width).sum::<usize>();
    let number = line.to_string();
    format!(
        "{number} | {head}{shown}{tail}\n{} | {}{}",
        " ".repeat(number.len()),
        " ".repeat(columns(&head)),
        "^".repeat(columns(&shown).max(1)),
    )
}
