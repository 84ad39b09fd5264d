UPDATE correction
SET status = $status, decided_at = $at, decided_by = $actor, decision_reason = $reason,
  updated_run = $run
WHERE id = $id
