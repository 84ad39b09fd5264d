INSERT INTO promotion_bar (bar_key, originating_system_name, list_agent_id, starts_on, ends_on, listing_key, rule,
                           created_run, updated_run)
VALUES ($key, $system, $agent, $starts_on, $ends_on, $listing_key, $rule, $run, $run)
