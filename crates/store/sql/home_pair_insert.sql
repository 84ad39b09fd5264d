INSERT INTO home_pair (pair_key, listing_a, listing_b, weight, evidence, status, created_run, updated_run)
VALUES ($key, $a, $b, $weight, $evidence, $status, $run, $run)
