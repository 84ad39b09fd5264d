SELECT count(id), count(room), count(seconds), count(width), count(watermark), count(rendering)
FROM (
  SELECT id, room, seconds, coalesce(width, height) AS width, watermark, rendering
  FROM media
  WHERE removed IS NULL
  ORDER BY id DESC
  LIMIT 10000
) AS latest
