INSERT INTO run_input (run, source, format, encoding, mapping)
VALUES ($run, $source, $format, $encoding, $mapping)
RETURNING id
