INSERT INTO member (member_key, originating_system_name, originating_system_key, member_id, member_full_name,
                    member_status, office, role, licence, licence_expires, detail, sealed, created_run, updated_run)
VALUES ($key, $system, $system_key, $member_id, $name, $status, $office, $role, $licence, $expires, $detail,
        $sealed, $run, $run)
