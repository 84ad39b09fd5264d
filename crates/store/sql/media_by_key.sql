SELECT id, media_key, listing, own, url, kind, room, width, height, seconds, content_hash, watermark,
       rendering, sort_order, caption, removed
FROM media
WHERE media_key = $key
