SELECT credit_entry_key, member_key, at, points, cause, evidence
FROM credit_entry
JOIN member ON member.id = credit_entry.member
WHERE member_key = $member_key
ORDER BY credit_entry.id
