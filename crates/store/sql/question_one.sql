SELECT home_pair.id, pair_key, a.listing_key, b.listing_key, weight, evidence, status,
  home_pair.created_run, listing_a, listing_b
FROM home_pair
JOIN listing AS a ON a.id = home_pair.listing_a
JOIN listing AS b ON b.id = home_pair.listing_b
WHERE pair_key = $key
