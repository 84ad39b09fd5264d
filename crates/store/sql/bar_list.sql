SELECT bar_key, originating_system_name, list_agent_id, starts_on, ends_on, listing_key, rule
FROM promotion_bar
ORDER BY starts_on, bar_key
