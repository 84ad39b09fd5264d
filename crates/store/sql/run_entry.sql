-- What the chain of runs covers of a run: all but what a later run may write beside it.
SELECT number, tool, command, actor, host, version, config_hash, rule_pack, model_version,
       started_at, ended_at, outcome, counts, undoes
FROM run
WHERE number = $number
