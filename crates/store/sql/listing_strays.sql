-- Provenance that the schema does not enforce.
SELECT count(*)
FROM listing
WHERE created_run NOT IN (SELECT number FROM run)
   OR updated_run NOT IN (SELECT number FROM run)
   OR input NOT IN (SELECT id FROM run_input)
