SELECT number, tool, command, actor, host, version, config_hash, rule_pack, model_version,
       started_at, ended_at, outcome, counts, undoes, undone_by, chain
FROM run
WHERE number = $number
