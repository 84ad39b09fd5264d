INSERT INTO credit_entry (
  credit_entry_key, member, at, points, cause, evidence, created_run, updated_run
)
SELECT $key, id, $at, $points, $cause, $evidence, $run, $run
FROM member
WHERE member_key = $member_key
