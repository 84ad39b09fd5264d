INSERT INTO run_amendment (run, record, superseded_by_line, patch)
VALUES ($run, $record, $line, $patch)
ON CONFLICT (run, record) DO UPDATE
SET superseded_by_line = coalesce(excluded.superseded_by_line, run_amendment.superseded_by_line),
    patch = coalesce(excluded.patch, run_amendment.patch)
