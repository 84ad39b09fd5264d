SELECT evidence.id, evidence_key, kind, at, actor, valid_until, evidence.sealed
FROM evidence
JOIN listing ON listing.id = evidence.listing
WHERE listing.listing_key = $listing_key
ORDER BY evidence.id
