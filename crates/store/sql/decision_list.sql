SELECT seq, at, kind, subject, payload, payload_hash, previous_hash, hash
FROM decision
WHERE run = $run
ORDER BY seq
