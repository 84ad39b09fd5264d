SELECT run_input.source, reject.line, reject.reject_id, reject.rule, reject.field, reject.reason,
       reject.resolved_by_run
FROM reject
JOIN run_input ON run_input.id = reject.input
WHERE reject.run = $run
ORDER BY reject.id
