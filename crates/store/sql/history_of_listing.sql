SELECT run, at, field, change_type, previous_value, new_value, reason
FROM listing_history
WHERE listing = $listing
ORDER BY id
