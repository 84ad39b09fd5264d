UPDATE community
SET city = $city, name = $name, county_or_parish = $county_or_parish, mls_area_major = $mls_area_major,
    aliases = $aliases, detail = $detail, updated_run = $run
WHERE id = $id
