INSERT INTO correction (
  correction_key, listing, origin, status, changes, sealed, requested_at, requested_by, reason,
  created_run, updated_run
)
VALUES ($key, $listing, $origin, 'pending', $changes, $sealed, $at, $actor, $reason, $run, $run)
