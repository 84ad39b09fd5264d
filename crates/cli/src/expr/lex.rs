//! Text to tokens, each with the bytes it stands on.

use super::{Compare, ExprError};

/// One token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A bare word: a field, a keyword, a number, a date, a text without spaces.
    Word(String),
    /// A text in quotes.
    Quoted(String),
    /// A comparison sign.
    Sign(Compare),
    Open,
    Close,
    Comma,
}

/// A token and its place.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) span: (usize, usize),
}

/// Signs that end a bare word.
fn ends_word(c: char) -> bool {
    c.is_whitespace() || "()（）,，=!<>≠≤≥\"'“”".contains(c)
}

/// Splits an expression.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, ExprError> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        let mut followed = |wanted: char| {
            chars
                .next_if(|(_, c)| *c == wanted)
                .map(|(at, c)| end = at + c.len_utf8())
                .is_some()
        };
        let token = match c {
            _ if c.is_whitespace() => continue,
            '(' | '（' => Token::Open,
            ')' | '）' => Token::Close,
            ',' | '，' => Token::Comma,
            '=' => {
                followed('=');
                Token::Sign(Compare::Equal)
            }
            '≠' => Token::Sign(Compare::Unequal),
            '≤' => Token::Sign(Compare::AtMost),
            '≥' => Token::Sign(Compare::AtLeast),
            '<' if followed('=') => Token::Sign(Compare::AtMost),
            '<' if followed('>') => Token::Sign(Compare::Unequal),
            '<' => Token::Sign(Compare::Less),
            '>' if followed('=') => Token::Sign(Compare::AtLeast),
            '>' => Token::Sign(Compare::More),
            '!' if followed('=') => Token::Sign(Compare::Unequal),
            '!' => {
                return Err(
                    ExprError::new("`!` means nothing alone", text, (start, end))
                        .hint("write `!=` or `not`"),
                );
            }
            '"' | '\'' | '“' | '”' => {
                let close = if c == '“' || c == '”' { '”' } else { c };
                let mut inner = String::new();
                let mut closed = false;
                while let Some((at, c)) = chars.next() {
                    end = at + c.len_utf8();
                    if c == close {
                        closed = true;
                        break;
                    }
                    // a quote or a backslash may be had with a backslash before it
                    let next =
                        chars.next_if(|(_, next)| c == '\\' && (*next == close || *next == '\\'));
                    inner.push(next.map_or(c, |(_, next)| next));
                }
                if !closed {
                    return Err(ExprError::new(
                        "the quote is not closed",
                        text,
                        (start, text.len()),
                    ));
                }
                Token::Quoted(inner)
            }
            _ => {
                let mut word = String::from(c);
                while let Some((at, c)) = chars.next_if(|(_, c)| !ends_word(*c)) {
                    end = at + c.len_utf8();
                    word.push(c);
                }
                Token::Word(word)
            }
        };
        tokens.push(Placed {
            token,
            span: (start, end),
        });
    }
    Ok(tokens)
}
