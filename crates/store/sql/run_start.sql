INSERT INTO run (tool, command, actor, host, version, config_hash, rule_pack, model_version, started_at)
VALUES ($tool, $command, $actor, $host, $version, $config_hash, $rule_pack, $model_version, $started_at)
RETURNING number
