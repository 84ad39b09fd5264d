INSERT INTO office (office_key, originating_system_name, originating_system_key, office_id, office_name,
                    office_status, detail, created_run, updated_run)
VALUES ($key, $system, $system_key, $office_id, $name, $status, $detail, $run, $run)
