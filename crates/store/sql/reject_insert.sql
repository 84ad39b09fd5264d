INSERT INTO reject (run, input, line, reject_id, rule, field, reason)
VALUES ($run, $input, $line, $reject_id, $rule, $field, $reason)
