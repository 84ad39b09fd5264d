INSERT INTO community (community_key, city, name, county_or_parish, mls_area_major, aliases, detail,
                       created_run, updated_run)
VALUES ($key, $city, $name, $county_or_parish, $mls_area_major, $aliases, $detail, $run, $run)
