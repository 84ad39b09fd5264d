-- The latest refusal of a row: its mapping is the one the mended row is read with.
SELECT reject.run, reject.input, run_input.source, reject.line, run_input.mapping
FROM reject
JOIN run_input ON run_input.id = reject.input
WHERE reject.reject_id = $reject_id
ORDER BY reject.id DESC
LIMIT 1
