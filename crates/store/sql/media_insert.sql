INSERT INTO media (media_key, listing, own, url, kind, room, width, height, seconds, content_hash, watermark,
                   rendering, sort_order, caption, removed, created_run, updated_run)
VALUES ($media_key, $listing, $own, $url, $kind, $room, $width, $height, $seconds, $content_hash, $watermark,
        $rendering, $sort_order, $caption, $removed, $run, $run)
