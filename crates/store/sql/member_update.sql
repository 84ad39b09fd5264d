UPDATE member
SET member_id = $member_id, member_full_name = $name, member_status = $status, office = $office, role = $role,
    licence = $licence, licence_expires = $expires, detail = $detail, sealed = $sealed, updated_run = $run
WHERE id = $id
