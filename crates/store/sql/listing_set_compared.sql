UPDATE listing
SET home_key = $home_key, stock_findings = $stock_findings, frozen = $frozen, held = $held, updated_run = $run
WHERE id = $id
