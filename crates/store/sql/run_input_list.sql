SELECT id, run, source, format, encoding, mapping, content_hash, record_count
FROM run_input
WHERE run = $run
ORDER BY id
