INSERT INTO run_amendment (run, record, superseded_by_line)
VALUES ($run, $record, $line)
ON CONFLICT (run, record) DO UPDATE SET superseded_by_line = excluded.superseded_by_line
