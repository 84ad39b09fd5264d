UPDATE listing
SET findings = $findings, content_hash = $content_hash, judgement = $judgement, updated_run = $run
WHERE id = $id
