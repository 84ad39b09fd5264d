//! Patterns of file names: `*` is any run of characters, `?` is one.

/// Whether a name fits a pattern, whatever the case of its ASCII letters.
pub fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut p, mut n) = (0, 0);
    // where the last star stands, and how much of the name it has eaten so far
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(wanted) if *wanted == '?' || wanted.eq_ignore_ascii_case(&name[n]) => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, eaten)) => {
                    star = Some((at, eaten + 1));
                    p = at + 1;
                    n = eaten + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::matches;
    use proptest::prelude::*;

    #[test]
    fn patterns() {
        for (pattern, name, fits) in [
            ("*.csv", "a.csv", true),
            ("*.csv", "A.CSV", true),
            ("*.csv", "a.csv.gz", false),
            ("链家*", "链家_北京.csv", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("?", "京", true),
            ("*a*b", "xaxbxb", true),
            ("", "", true),
            ("*", "", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} {name}");
        }
    }

    proptest! {
        #[test]
        fn a_name_fits_itself_and_any_cut_of_itself(name in "[a-c京.]{0,12}", cut in 0usize..12) {
            prop_assert!(matches(&name, &name));
            let chars: Vec<char> = name.chars().collect();
            let cut = cut.min(chars.len());
            let head: String = chars[..cut].iter().collect();
            let tail: String = chars[cut..].iter().collect();
            let around = format!("{head}*{tail}");
            prop_assert!(matches(&around, &name));
            let front = format!("*{tail}");
            prop_assert!(matches(&front, &name));
            let back = format!("{head}*");
            prop_assert!(matches(&back, &name));
        }
    }
}
