UPDATE listing
SET standard_status = $status, detail = $detail, content_hash = $content_hash, updated_run = $run
WHERE id = $id
