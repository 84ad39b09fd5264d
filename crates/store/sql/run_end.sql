UPDATE run
SET ended_at = $ended_at, outcome = $outcome, counts = $counts, head = $head, undoes = $undoes
WHERE number = $number
