-- The agent of an event that names none is the one the lead was given to last.
SELECT event.listing, word.name, lead.lead_key, coalesce(
  (SELECT member_key FROM member WHERE member.id = event.member),
  (SELECT member_key FROM assignment JOIN member ON member.id = assignment.member
   WHERE assignment.lead = event.lead ORDER BY assigned_at DESC, assignment.id DESC LIMIT 1)
), event.at
FROM event
JOIN word ON word.id = event.type
JOIN lead ON lead.id = event.lead
WHERE event.listing IS NOT NULL
