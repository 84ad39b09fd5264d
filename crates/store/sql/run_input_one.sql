SELECT id, run, source, format, encoding, mapping, content_hash, record_count
FROM run_input
WHERE id = $id
