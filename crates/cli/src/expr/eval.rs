//! A tree over one record. An absent value equals only `null`, differs from all else, and has no
//! order.

use std::cmp::Ordering;

use jiff::tz::TimeZone;
use model::Decimal;
use model::field::Value;

use super::literal::{self, Operand, folded};
use super::{Compare, Node};

type Lookup<'l, 'a> = &'l dyn Fn(&str) -> Option<Value<'a>>;

/// Whether a record fits.
pub(super) fn matches(node: &Node, lookup: Lookup<'_, '_>, tz: &TimeZone) -> bool {
    match node {
        Node::Or(nodes) => nodes.iter().any(|node| matches(node, lookup, tz)),
        Node::And(nodes) => nodes.iter().all(|node| matches(node, lookup, tz)),
        Node::Not(node) => !matches(node, lookup, tz),
        Node::Flag(name) => is_equal(lookup, name, &Operand::Flag(true), tz),
        Node::In(name, operands) => operands
            .iter()
            .any(|operand| is_among(lookup, name, operand, tz)),
        Node::Compare(name, Compare::Equal, operand) => is_equal(lookup, name, operand, tz),
        Node::Compare(name, Compare::Unequal, operand) => !is_equal(lookup, name, operand, tz),
        Node::Compare(name, Compare::Contains, operand) => contains(value(lookup, name), operand),
        Node::Compare(name, compare, operand) => {
            let order = order(value(lookup, name), operand, lookup, tz);
            match compare {
                Compare::Less => order.is_some_and(Ordering::is_lt),
                Compare::AtMost => order.is_some_and(Ordering::is_le),
                Compare::More => order.is_some_and(Ordering::is_gt),
                _ => order.is_some_and(Ordering::is_ge),
            }
        }
    }
}

fn value<'a>(lookup: Lookup<'_, 'a>, name: &str) -> Value<'a> {
    lookup(name).unwrap_or(Value::Null)
}

fn is_equal(lookup: Lookup<'_, '_>, name: &str, operand: &Operand, tz: &TimeZone) -> bool {
    match (value(lookup, name), operand) {
        (found, Operand::Null) => found.is_null(),
        (found, operand) => order(found, operand, lookup, tz) == Some(Ordering::Equal),
    }
}

/// `in`: of a list, one element is enough.
fn is_among(lookup: Lookup<'_, '_>, name: &str, operand: &Operand, tz: &TimeZone) -> bool {
    match value(lookup, name) {
        list @ Value::List(_) if *operand != Operand::Null => contains(list, operand),
        _ => is_equal(lookup, name, operand, tz),
    }
}

/// `contains`: a text has the words somewhere; a list has them as one of its elements.
fn contains(found: Value<'_>, operand: &Operand) -> bool {
    let Operand::Text { folded: wanted, .. } = operand else {
        return false;
    };
    match found {
        Value::Text(text) => folded(text).contains(wanted),
        Value::List(list) => list.split('|').any(|element| folded(element) == *wanted),
        _ => false,
    }
}

fn order(
    found: Value<'_>,
    operand: &Operand,
    lookup: Lookup<'_, '_>,
    tz: &TimeZone,
) -> Option<Ordering> {
    match (found, operand) {
        (Value::Text(text) | Value::List(text), Operand::Text { folded: wanted, .. }) => {
            Some(folded(text).as_str().cmp(wanted))
        }
        // a lookup may give as text what the field's kind promises to be more
        (Value::Text(text), Operand::Number(wanted)) => Some(literal::number(text)?.cmp(wanted)),
        (Value::Text(text), Operand::Flag(wanted)) => Some(literal::flag(text)?.cmp(wanted)),
        (Value::Integer(number), Operand::Number(wanted)) => {
            Some(Decimal::from(number).cmp(wanted))
        }
        (Value::Decimal(number), Operand::Number(wanted)) => Some(number.cmp(wanted)),
        (Value::Money(minor), Operand::Number(wanted)) => {
            Some(Decimal::new(minor, digits(lookup)).cmp(wanted))
        }
        (Value::Area(hundredths), Operand::Number(wanted)) => {
            Some(Decimal::new(hundredths, 2).cmp(wanted))
        }
        (Value::Date(date), Operand::Date(wanted)) => Some(date.cmp(wanted)),
        // a bare date is its whole day
        (Value::Instant(at), Operand::Date(wanted)) => Some(tz.to_datetime(at).date().cmp(wanted)),
        (Value::Instant(at), Operand::Instant(wanted)) => Some(at.cmp(wanted)),
        (Value::Flag(flag), Operand::Flag(wanted)) => Some(flag.cmp(wanted)),
        _ => None,
    }
}

/// Digits behind the point in the record's currency.
fn digits(lookup: Lookup<'_, '_>) -> u32 {
    match value(lookup, "currency") {
        Value::Text(code) => model::money::Currency::from_code(code)
            .map_or(2, |currency| u32::from(currency.exponent())),
        _ => 2,
    }
}
