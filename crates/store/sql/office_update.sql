UPDATE office
SET office_id = $office_id, office_name = $name, office_status = $status, detail = $detail, updated_run = $run
WHERE id = $id
