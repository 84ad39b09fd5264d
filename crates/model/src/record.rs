//! The macro behind every record type: a record states its fields once, and its struct, its field
//! names and its field table all come from that list.

/// How one kind of field is kept in the struct, read out as a [`Value`] and set from one.
macro_rules! held {
    (Text) => { String };
    (List) => { String };
    (Integer) => { Option<i64> };
    (Decimal) => { Option<$crate::Decimal> };
    (Money) => { Option<i64> };
    (Area) => { Option<i64> };
    (Date) => { Option<$crate::jiff::civil::Date> };
    (Instant) => { Option<$crate::jiff::Timestamp> };
    (Flag) => { Option<bool> };
    ($code:ty) => { Option<$code> };
}
macro_rules! kind {
    (Text) => {
        $crate::field::Kind::Text
    };
    (List) => {
        $crate::field::Kind::List
    };
    (Integer) => {
        $crate::field::Kind::Integer
    };
    (Decimal) => {
        $crate::field::Kind::Decimal
    };
    (Money) => {
        $crate::field::Kind::Money
    };
    (Area) => {
        $crate::field::Kind::Area
    };
    (Date) => {
        $crate::field::Kind::Date
    };
    (Instant) => {
        $crate::field::Kind::Instant
    };
    (Flag) => {
        $crate::field::Kind::Flag
    };
    ($code:ty) => {
        $crate::field::Kind::Code
    };
}
macro_rules! get {
    (Text, $v:expr) => {
        if $v.is_empty() {
            $crate::field::Value::Null
        } else {
            $crate::field::Value::Text(&$v)
        }
    };
    (List, $v:expr) => {
        if $v.is_empty() {
            $crate::field::Value::Null
        } else {
            $crate::field::Value::List(&$v)
        }
    };
    (Integer, $v:expr) => {
        $v.map_or($crate::field::Value::Null, $crate::field::Value::Integer)
    };
    (Decimal, $v:expr) => {
        $v.map_or($crate::field::Value::Null, $crate::field::Value::Decimal)
    };
    (Money, $v:expr) => {
        $v.map_or($crate::field::Value::Null, $crate::field::Value::Money)
    };
    (Area, $v:expr) => {
        $v.map_or($crate::field::Value::Null, $crate::field::Value::Area)
    };
    (Date, $v:expr) => {
        $v.map_or($crate::field::Value::Null, $crate::field::Value::Date)
    };
    (Instant, $v:expr) => {
        $v.map_or($crate::field::Value::Null, $crate::field::Value::Instant)
    };
    (Flag, $v:expr) => {
        $v.map_or($crate::field::Value::Null, $crate::field::Value::Flag)
    };
    ($code:ty, $v:expr) => {
        $v.as_ref().map_or($crate::field::Value::Null, |code| {
            $crate::field::Value::Text(code.as_str())
        })
    };
}
macro_rules! set {
    (Text, $slot:expr, $v:expr) => {
        if let $crate::field::Value::Text(text) | $crate::field::Value::List(text) = $v {
            $slot.push_str(text)
        }
    };
    (List, $slot:expr, $v:expr) => {
        if let $crate::field::Value::Text(text) | $crate::field::Value::List(text) = $v {
            $slot.push_str(text)
        }
    };
    (Integer, $slot:expr, $v:expr) => {
        $slot = if let $crate::field::Value::Integer(n) = $v {
            Some(n)
        } else {
            None
        }
    };
    (Decimal, $slot:expr, $v:expr) => {
        $slot = if let $crate::field::Value::Decimal(n) = $v {
            Some(n)
        } else {
            None
        }
    };
    (Money, $slot:expr, $v:expr) => {
        $slot = if let $crate::field::Value::Money(n) | $crate::field::Value::Integer(n) = $v {
            Some(n)
        } else {
            None
        }
    };
    (Area, $slot:expr, $v:expr) => {
        $slot = if let $crate::field::Value::Area(n) | $crate::field::Value::Integer(n) = $v {
            Some(n)
        } else {
            None
        }
    };
    (Date, $slot:expr, $v:expr) => {
        $slot = if let $crate::field::Value::Date(d) = $v {
            Some(d)
        } else {
            None
        }
    };
    (Instant, $slot:expr, $v:expr) => {
        $slot = if let $crate::field::Value::Instant(t) = $v {
            Some(t)
        } else {
            None
        }
    };
    (Flag, $slot:expr, $v:expr) => {
        $slot = if let $crate::field::Value::Flag(b) = $v {
            Some(b)
        } else {
            None
        }
    };
    ($code:ty, $slot:expr, $v:expr) => {
        $slot = if let $crate::field::Value::Text(text) = $v {
            <$code>::from_code(text)
        } else {
            None
        }
    };
}
macro_rules! clear {
    (Text, $slot:expr) => {
        $slot.clear()
    };
    (List, $slot:expr) => {
        $slot.clear()
    };
    ($other:ty, $slot:expr) => {
        $slot = None
    };
}

/// Makes a record's struct, the enum that names its fields, and the table of those fields, from one
/// list. Kinds other than those of [`crate::field::Kind`] are code types in scope where it is called.
macro_rules! record {
    ($(#[$doc:meta])* $record:ident, $field:ident { $($name:ident $variant:ident: $kind:tt, $storage:ident, $reso:literal, $about:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq)]
        pub struct $record { $(#[doc = $about] pub $name: held!($kind)),+ }

        #[doc = concat!("Names one field of a [`", stringify!($record), "`].")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $field { $(#[doc = $about] $variant),+ }

        impl $field {
            /// Every field, in the order in which records are written.
            pub const ALL: &'static [$field] = &[$($field::$variant),+];

            /// What the field is.
            pub fn field(self) -> &'static $crate::field::Field {
                const FIELDS: &[$crate::field::Field] = &[$($crate::field::Field {
                    name: stringify!($name), reso: $reso, kind: kind!($kind), storage: $crate::field::Storage::$storage, about: $about,
                }),+];
                &FIELDS[self as usize]
            }

            /// The field's name on the wire.
            pub fn name(self) -> &'static str {
                self.field().name
            }

            /// Finds a field by its name on the wire.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $(stringify!($name) => Some($field::$variant),)+ _ => None }
            }
        }

        impl $record {
            /// Reads one field.
            pub fn get(&self, field: $field) -> $crate::field::Value<'_> {
                match field { $($field::$variant => get!($kind, self.$name)),+ }
            }

            /// Hands out each field that has a value, in order: one straight pass, for hot paths.
            #[inline]
            pub fn each<'a>(&'a self, mut each: impl FnMut($field, $crate::field::Value<'a>)) {
                $(
                    let value: $crate::field::Value<'a> = get!($kind, self.$name);
                    if !value.is_null() {
                        each($field::$variant, value);
                    }
                )+
            }

            /// Sets one field from a stored value; a value of another kind leaves it absent.
            pub fn set(&mut self, field: $field, value: $crate::field::Value<'_>) {
                match field { $($field::$variant => { clear!($kind, self.$name); set!($kind, self.$name, value) }),+ }
            }

            /// Makes every field absent.
            pub fn clear(&mut self) {
                $(clear!($kind, self.$name);)+
            }
        }
    };
}
