SELECT community_key, city, name, county_or_parish, mls_area_major, aliases, detail
FROM community
ORDER BY community_key
