//! `--columns a,b,c`: which fields of the records go out, in which order.

use crate::config::nearest_of;
use crate::failure::Failure;

/// The columns a person names, each once; a name nobody knows is an error that names the nearest.
pub fn choose<'k>(wanted: &[String], known: &[&'k str]) -> Result<Vec<&'k str>, Failure> {
    let mut chosen = Vec::new();
    for name in wanted.iter().map(|name| name.trim()) {
        let Some(column) = known.iter().find(|column| **column == name) else {
            let failure = Failure::usage(format!("there is no column `{name}`"));
            return Err(match nearest_of(name, known) {
                Some(near) => failure.hint(format!("the nearest is `{near}`")),
                None => failure.hint(format!("the columns are {}", known.join(", "))),
            });
        };
        if chosen.contains(column) {
            return Err(Failure::usage(format!(
                "the column `{name}` is named twice"
            )));
        }
        chosen.push(*column);
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] = &["listing_id", "city", "list_price"];

    fn choose_from(names: &str) -> Result<Vec<&'static str>, Failure> {
        let wanted: Vec<String> = names.split(',').map(str::to_owned).collect();
        choose(&wanted, KNOWN)
    }

    #[test]
    fn columns_come_in_the_order_they_are_named() {
        let chosen = choose_from("list_price, city").unwrap();
        assert_eq!(chosen, ["list_price", "city"]);
    }

    #[test]
    fn a_wrong_name_is_told_with_the_nearest() {
        let failure = choose_from("city,list_prise").unwrap_err();
        assert_eq!(failure.to_string(), "there is no column `list_prise`");
        assert_eq!(failure.hint_text(), Some("the nearest is `list_price`"));
        let failure = choose_from("zzz").unwrap_err();
        assert!(
            failure
                .hint_text()
                .is_some_and(|hint| hint.contains("city"))
        );
        assert!(choose_from("city,city").is_err());
    }
}
