INSERT INTO listing_history (listing, run, at, field, change_type, previous_value, new_value, reason)
VALUES ($listing, $run, $at, $field, $change_type, $previous_value, $new_value, $reason)
