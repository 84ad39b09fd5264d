SELECT correction.id, correction_key, listing_key, origin, status, changes, correction.sealed,
  requested_at, requested_by, reason, decided_by, correction.created_run, correction.updated_run
FROM correction
JOIN listing ON listing.id = correction.listing
WHERE listing.listing_key = $listing_key
ORDER BY correction.id
