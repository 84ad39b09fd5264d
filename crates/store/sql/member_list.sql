SELECT m.id, m.member_key, m.originating_system_name, m.originating_system_key, m.member_id, m.member_full_name,
       m.member_status, o.office_key, m.role, m.licence, m.licence_expires, m.detail
FROM member AS m
LEFT JOIN office AS o ON o.id = m.office
ORDER BY m.member_key
