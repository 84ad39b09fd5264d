INSERT INTO calendar_day (day, kind, name, created_run, updated_run)
VALUES ($day, $kind, $name, $run, $run)
