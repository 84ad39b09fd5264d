//! Tokens to a tree. `or` binds loosest, then `and`, then `not`.

use jiff::tz::TimeZone;
use model::field::Kind;

use super::lex::{self, Placed, Token};
use super::literal::Operand;
use super::{Compare, ExprError, Node};
use crate::config::nearest_of;

/// Deeper nesting than any person types; it keeps the parser off the end of its stack.
const DEEPEST: usize = 64;

/// What other tools' expressions know and this one does not.
const ELSEWHERE: &[&str] = &["event", "segment"];

/// Reads an expression.
pub(super) fn parse(text: &str, fields: &[(&str, Kind)], tz: &TimeZone) -> Result<Node, ExprError> {
    let tokens = lex::tokens(text)?;
    let mut parser = Parser {
        text,
        tokens: &tokens,
        at: 0,
        depth: 0,
        fields,
        tz,
    };
    let node = parser.or()?;
    match parser.peek() {
        None => Ok(node),
        Some(rest) if matches!(rest.token, Token::Word(_) | Token::Quoted(_)) => Err(parser
            .wrong("expected `and`, `or` or the end", rest.span)
            .hint("put quotes around text with spaces")),
        Some(rest) => Err(parser.wrong("expected `and`, `or` or the end", rest.span)),
    }
}

struct Parser<'a> {
    text: &'a str,
    tokens: &'a [Placed],
    at: usize,
    depth: usize,
    fields: &'a [(&'a str, Kind)],
    tz: &'a TimeZone,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Placed> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'a Placed> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    fn wrong(&self, message: impl Into<String>, span: (usize, usize)) -> ExprError {
        ExprError::new(message, self.text, span)
    }

    fn at_end(&self, expected: &str) -> ExprError {
        let end = self.text.len();
        self.wrong(
            format!("the expression ends where {expected} is expected"),
            (end, end),
        )
    }

    /// Whether the next token is this keyword; takes it if so.
    fn keyword(&mut self, word: &str) -> bool {
        let hit = self.is_keyword(self.at, word);
        self.at += usize::from(hit);
        hit
    }

    fn is_keyword(&self, at: usize, wanted: &str) -> bool {
        matches!(self.tokens.get(at).map(|placed| &placed.token), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted))
    }

    fn or(&mut self) -> Result<Node, ExprError> {
        let mut nodes = vec![self.and()?];
        while self.keyword("or") {
            nodes.push(self.and()?);
        }
        Ok(one_or(nodes, Node::Or))
    }

    fn and(&mut self) -> Result<Node, ExprError> {
        let mut nodes = vec![self.not()?];
        while self.keyword("and") {
            nodes.push(self.not()?);
        }
        Ok(one_or(nodes, Node::And))
    }

    fn not(&mut self) -> Result<Node, ExprError> {
        let span = self.peek().map_or((0, 0), |placed| placed.span);
        if self.depth >= DEEPEST {
            return Err(self.wrong("nested too deeply", span));
        }
        self.depth += 1;
        let node = if self.keyword("not") {
            Node::Not(Box::new(self.not()?))
        } else {
            self.primary()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn primary(&mut self) -> Result<Node, ExprError> {
        let Some(placed) = self.next() else {
            return Err(self.at_end("a field"));
        };
        match &placed.token {
            Token::Open => {
                let node = self.or()?;
                match self.next() {
                    Some(Placed {
                        token: Token::Close,
                        ..
                    }) => Ok(node),
                    Some(other) => Err(self.wrong("expected `and`, `or` or `)`", other.span)),
                    None => Err(self.wrong("this bracket is not closed", placed.span)),
                }
            }
            Token::Word(word) => self.condition(word, placed.span),
            Token::Quoted(_) => {
                Err(self.wrong("expected a field, not a text in quotes", placed.span))
            }
            _ => Err(self.wrong("expected a field", placed.span)),
        }
    }

    fn condition(&mut self, word: &str, span: (usize, usize)) -> Result<Node, ExprError> {
        let (name, kind) = self.field(word, span)?;
        let Some(placed) = self.peek() else {
            return self.alone(name, kind, span);
        };
        match &placed.token {
            Token::Sign(compare) => {
                self.at += 1;
                let has_order = kind != Kind::Flag && kind != Kind::List;
                if !has_order && !matches!(compare, Compare::Equal | Compare::Unequal) {
                    let message = format!("`{name}` has no order; use = or !=");
                    return Err(self.wrong(message, placed.span));
                }
                let operand = self.operand(name, kind)?;
                if operand == Operand::Null && !matches!(compare, Compare::Equal | Compare::Unequal)
                {
                    return Err(self.wrong("`null` goes with = and != only", placed.span));
                }
                Ok(Node::Compare(name.to_owned(), *compare, operand))
            }
            Token::Word(_) if self.is_keyword(self.at, "not") && self.is_set_word(self.at + 1) => {
                self.at += 1;
                Ok(Node::Not(Box::new(self.set(name, kind)?)))
            }
            Token::Word(_) if self.is_set_word(self.at) => self.set(name, kind),
            _ => self.alone(name, kind, span),
        }
    }

    fn is_set_word(&self, at: usize) -> bool {
        self.is_keyword(at, "in") || self.is_keyword(at, "contains")
    }

    /// `in (…)` or `contains …`.
    fn set(&mut self, name: &str, kind: Kind) -> Result<Node, ExprError> {
        let span = self.peek().map_or((0, 0), |placed| placed.span);
        if self.keyword("contains") {
            if !matches!(kind, Kind::Text | Kind::Code | Kind::List) {
                return Err(self.wrong(format!("`{name}` is no text; use a comparison"), span));
            }
            let operand = self.operand(name, kind)?;
            return match operand {
                Operand::Null => Err(self.wrong("nothing contains `null`; use = null", span)),
                operand => Ok(Node::Compare(name.to_owned(), Compare::Contains, operand)),
            };
        }
        self.at += 1;
        match self.next() {
            Some(Placed {
                token: Token::Open, ..
            }) => {}
            Some(other) => return Err(self.wrong("expected `(` and a list after `in`", other.span)),
            None => return Err(self.at_end("`(` and a list")),
        }
        let mut operands = Vec::new();
        loop {
            operands.push(self.operand(name, kind)?);
            match self.next() {
                Some(Placed {
                    token: Token::Comma,
                    ..
                }) => {}
                Some(Placed {
                    token: Token::Close,
                    ..
                }) => return Ok(Node::In(name.to_owned(), operands)),
                Some(other) => {
                    return Err(self
                        .wrong("expected `,` or `)`", other.span)
                        .hint("put quotes around text with spaces"));
                }
                None => return Err(self.at_end("`)`")),
            }
        }
    }

    /// A field with nothing after it.
    fn alone(&self, name: &str, kind: Kind, span: (usize, usize)) -> Result<Node, ExprError> {
        if kind == Kind::Flag {
            return Ok(Node::Flag(name.to_owned()));
        }
        Err(self
            .wrong(format!("`{name}` wants a comparison after it"), span)
            .hint(format!("as in {name} = …, or {name} != null")))
    }

    fn field(&self, word: &str, span: (usize, usize)) -> Result<(&'a str, Kind), ExprError> {
        if let Some((name, kind)) = self
            .fields
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word))
        {
            return Ok((name, *kind));
        }
        let is_call = matches!(self.peek().map(|placed| &placed.token), Some(Token::Open));
        if is_call && ELSEWHERE.contains(&word.to_ascii_lowercase().as_str()) {
            return Err(self.wrong(format!("`{word}(…)` is not available in this tool"), span));
        }
        if is_call {
            return Err(self.wrong(format!("`{word}(…)` is unknown"), span));
        }
        let wrong = self.wrong(format!("unknown field `{word}`"), span);
        Err(
            match nearest_of(word, self.fields.iter().map(|(name, _)| *name)) {
                Some(near) => wrong.hint(format!("the nearest is `{near}`")),
                None => wrong,
            },
        )
    }

    fn operand(&mut self, name: &str, kind: Kind) -> Result<Operand, ExprError> {
        let Some(placed) = self.next() else {
            return Err(self.at_end("a value"));
        };
        let (text, quoted) = match &placed.token {
            Token::Word(word) => (word, false),
            Token::Quoted(text) => (text, true),
            _ => return Err(self.wrong("expected a value", placed.span)),
        };
        Operand::read(text, quoted, kind, self.tz).map_err(|expected| {
            self.wrong(format!("`{name}` is compared with {expected}"), placed.span)
        })
    }
}

fn one_or(mut nodes: Vec<Node>, many: fn(Vec<Node>) -> Node) -> Node {
    match nodes.pop() {
        Some(node) if nodes.is_empty() => node,
        Some(node) => {
            nodes.push(node);
            many(nodes)
        }
        None => many(nodes),
    }
}
