SELECT coalesce(standard_status, ''), count(*), sum(frozen)
FROM listing
GROUP BY coalesce(standard_status, '')
ORDER BY coalesce(standard_status, '')
