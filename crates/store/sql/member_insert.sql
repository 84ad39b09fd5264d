INSERT INTO member (
  member_key, originating_system_name, originating_system_key, member_id, member_full_name,
  created_run, updated_run
)
VALUES ($key, $system, $member_id, $member_id, $name, $run, $run)
