-- Decisions of runs that never ended well: there can be none.
SELECT count(*)
FROM decision
JOIN run ON run.number = decision.run
WHERE run.chain IS NULL
