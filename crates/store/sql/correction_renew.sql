UPDATE correction
SET changes = $changes, sealed = $sealed, reason = $reason, requested_at = $at, requested_by = $actor,
  updated_run = $run
WHERE id = $id
