//! Resident identity numbers of mainland China (GB 11643): eighteen signs, the last of them a check by
//! ISO 7064 MOD 11-2.

use crate::text::{narrow, trim};

/// Whether the check of an identity number holds; nothing where the text has not the form of one.
pub fn check_holds(text: &str) -> Option<bool> {
    let text = narrow(trim(text));
    let (digits, check) = text.as_bytes().split_at_checked(17)?;
    let [check] = check else { return None };
    if !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let check = match check {
        b'0'..=b'9' => u32::from(check - b'0'),
        b'X' | b'x' => 10,
        _ => return None,
    };
    // MOD 11-2: each digit doubles what stands before it.
    let sum = digits
        .iter()
        .fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    Some((sum + check) % 11 == 1)
}

#[cfg(test)]
mod tests {
    use super::check_holds;

    #[test]
    fn one_wrong_digit_shows() {
        // The example of the standard itself.
        assert_eq!(check_holds("11010519491231002X"), Some(true));
        assert_eq!(check_holds("11010519491231002x"), Some(true));
        assert_eq!(
            check_holds("１１０１０５１９４９１２３１００２Ｘ"),
            Some(true)
        );
        for wrong in [
            "110105194912310021",
            "11010519491231003X",
            "11010519491321002X",
        ] {
            assert_eq!(check_holds(wrong), Some(false), "{wrong}");
        }
        for other in [
            "",
            "110105491231002",
            "京房权证朝字第1234567号",
            "11010519491231002Y",
        ] {
            assert_eq!(check_holds(other), None, "{other}");
        }
    }
}
