INSERT INTO decision (run, seq, at, kind, subject, payload, payload_hash, previous_hash, hash)
VALUES ($run, $seq, $at, $kind, $subject, $payload, $payload_hash, $previous_hash, $hash)
