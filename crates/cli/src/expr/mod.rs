//! Filters as people type them: `city=北京 and list_price < 500万 and not frozen`.
//!
//! An expression names documented fields; what they are ([`Kind`]) is checked while it is read, so
//! that a mistake shows under a caret and not as an empty result.

mod eval;
mod lex;
mod literal;
mod parse;

use std::fmt;

use jiff::tz::TimeZone;
use model::field::{Kind, Value};
use unicode_width::UnicodeWidthStr;

use crate::failure::Failure;
use literal::Operand;

/// A filter, checked and ready.
#[derive(Debug, Clone)]
pub struct Expr {
    root: Node,
    tz: TimeZone,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    Contains,
}

impl Compare {
    fn as_str(self) -> &'static str {
        match self {
            Compare::Equal => "=",
            Compare::Unequal => "!=",
            Compare::Less => "<",
            Compare::AtMost => "<=",
            Compare::More => ">",
            Compare::AtLeast => ">=",
            Compare::Contains => "contains",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Or(Vec<Node>),
    And(Vec<Node>),
    Not(Box<Node>),
    Compare(String, Compare, Operand),
    In(String, Vec<Operand>),
    /// A yes-or-no field standing alone.
    Flag(String),
}

/// What is wrong with an expression, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExprError {
    message: String,
    hint: Option<String>,
    text: String,
    span: (usize, usize),
}

impl ExprError {
    fn new(message: impl Into<String>, text: &str, span: (usize, usize)) -> Self {
        ExprError {
            message: message.into(),
            hint: None,
            text: text.to_owned(),
            span,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What to type instead, where that can be told.
    pub fn hint_text(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for ExprError {
    /// The message, the expression, and carets below the place.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one_line = |text: &str| crate::ui::legible(&text.replace(['\n', '\r', '\t'], " "));
        let (start, end) = self.span;
        let before = one_line(&self.text[..start]);
        let here = one_line(&self.text[start..end]);
        let after = one_line(&self.text[end..]);
        writeln!(f, "{}", self.message)?;
        writeln!(f, "  {before}{here}{after}")?;
        let carets = here.width().max(1);
        write!(f, "  {}{}", " ".repeat(before.width()), "^".repeat(carets))
    }
}

impl std::error::Error for ExprError {}

impl From<ExprError> for Failure {
    fn from(error: ExprError) -> Failure {
        let failure = Failure::usage(error.to_string());
        match error.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl Expr {
    /// Reads an expression over these fields; times without zone are read in `tz`.
    pub fn parse(text: &str, fields: &[(&str, Kind)], tz: &TimeZone) -> Result<Expr, ExprError> {
        let root = parse::parse(text, fields, tz)?;
        Ok(Expr {
            root,
            tz: tz.clone(),
        })
    }

    /// Whether a record fits. `lookup` gives a field's value; money is read in the currency of the
    /// record's own `currency` field.
    pub fn matches<'a>(&self, lookup: &dyn Fn(&str) -> Option<Value<'a>>) -> bool {
        eval::matches(&self.root, lookup, &self.tz)
    }

    /// The fields it names, each once, in order.
    pub fn fields(&self) -> Vec<&str> {
        fn gather<'n>(node: &'n Node, names: &mut Vec<&'n str>) {
            match node {
                Node::Or(nodes) | Node::And(nodes) => {
                    nodes.iter().for_each(|node| gather(node, names))
                }
                Node::Not(node) => gather(node, names),
                Node::Compare(name, ..) | Node::In(name, _) | Node::Flag(name) => {
                    if !names.contains(&name.as_str()) {
                        names.push(name);
                    }
                }
            }
        }
        let mut names = Vec::new();
        gather(&self.root, &mut names);
        names
    }
}

impl fmt::Display for Expr {
    /// The expression in one form, whatever way it was typed; it reads back as the same.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let joined = |f: &mut fmt::Formatter<'_>, nodes: &[Node], word: &str| {
            for (at, node) in nodes.iter().enumerate() {
                if at > 0 {
                    write!(f, " {word} ")?;
                }
                match node {
                    Node::Or(_) | Node::And(_) => write!(f, "({node})")?,
                    _ => node.fmt(f)?,
                }
            }
            Ok(())
        };
        match self {
            Node::Or(nodes) => joined(f, nodes, "or"),
            Node::And(nodes) => joined(f, nodes, "and"),
            Node::Not(node) => write!(f, "not ({node})"),
            Node::Compare(name, compare, operand) => {
                write!(f, "{name} {} {operand}", compare.as_str())
            }
            Node::In(name, operands) => {
                let operands: Vec<_> = operands.iter().map(ToString::to_string).collect();
                write!(f, "{name} in ({})", operands.join(", "))
            }
            Node::Flag(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests;
