//! Addresses of pages: which they are, and the id of the advert they show.

/// Whether a cell is the address of a page.
pub fn is_url(cell: &str) -> bool {
    let head = cell.get(..8).unwrap_or(cell).to_ascii_lowercase();
    head.starts_with("http://") || head.starts_with("https://") || head.starts_with("//")
}

/// The id of one advert in the address of its page: `…/ershoufang/101100983066.html`.
pub fn url_id(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("//")?;
    let (_, path) = rest.split_once('/')?;
    let (path, query) = path.split_once(['?', '#']).unwrap_or((path, ""));
    let from_path = path.rsplit('/').find_map(|segment| {
        let name = segment.split_once('.').map_or(segment, |(name, _)| name);
        let name = name.strip_suffix("_zpid").unwrap_or(name);
        let last = name.rsplit(['-', '_']).next().unwrap_or(name);
        [name, last].into_iter().find(|part| id_like(part))
    });
    from_path.or_else(|| {
        query.split(['&', '#', '?']).find_map(|pair| {
            let (name, value) = pair.split_once('=')?;
            (name.to_ascii_lowercase().ends_with("id") && id_like(value)).then_some(value)
        })
    })
}

/// Up to four letters and then five digits or more.
fn id_like(part: &str) -> bool {
    let digits = part.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    part.len() - digits.len() <= 4
        && digits.len() >= 5
        && digits.bytes().all(|b| b.is_ascii_digit())
}
