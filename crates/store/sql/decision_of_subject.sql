SELECT run, seq, at, kind, payload
FROM decision
WHERE subject = $subject
ORDER BY run, seq
