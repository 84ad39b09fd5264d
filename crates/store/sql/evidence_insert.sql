INSERT INTO evidence (
  evidence_key, listing, kind, at, actor, valid_until, sealed, created_run, updated_run
)
VALUES ($key, $listing, $kind, $at, $actor, $until, $sealed, $run, $run)
