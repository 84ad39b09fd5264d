UPDATE media
SET own = $own, kind = $kind, room = $room, width = $width, height = $height, seconds = $seconds,
    content_hash = $content_hash, watermark = $watermark, rendering = $rendering, sort_order = $sort_order,
    caption = $caption, removed = $removed, updated_run = $run
WHERE id = $id
