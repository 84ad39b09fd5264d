-- The store's tables. Times are microseconds since 1970-01-01 UTC, days are text YYYY-MM-DD, money
-- is minor units of the row's currency, areas are hundredths of their unit, flags are 0 and 1.
-- `id` is internal and never shown; `*_key` is public. `created_run` and `updated_run` name the run
-- that wrote the row first and last. `sealed` holds private values, encrypted with the store's key.

CREATE TABLE meta (
  name TEXT NOT NULL PRIMARY KEY,      -- store_id, key_check, schema_version, chain_seal
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,      -- what the tools keep between runs
  value TEXT NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  number INTEGER PRIMARY KEY,
  tool TEXT NOT NULL,
  command TEXT NOT NULL,               -- command line as a label, without private values
  actor TEXT NOT NULL,                 -- operating-system user
  host TEXT NOT NULL,
  version TEXT NOT NULL,               -- of the tool
  config_hash TEXT NOT NULL,
  rule_pack TEXT NOT NULL,
  model_version TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT,                        -- done, failed, …; absent: running or killed
  counts TEXT,                         -- JSON object
  head BLOB,                           -- hash of the run's last decision
  chain BLOB,                          -- hash over this row, its head and the chain of the run before
  undoes INTEGER,                      -- the run this one undid
  undone_by INTEGER                    -- the run that undid this one
) STRICT;

CREATE TABLE run_input (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (number),
  source TEXT NOT NULL,                -- file name without folder, or -
  format TEXT NOT NULL,
  encoding TEXT NOT NULL,
  mapping TEXT NOT NULL,               -- JSON: what each column was understood to be
  content_hash BLOB,                   -- BLAKE3 of the bytes as given
  record_count INTEGER
) STRICT;
CREATE INDEX run_input_by_run ON run_input (run);

CREATE TABLE run_record (
  run INTEGER NOT NULL REFERENCES run (number),
  seq INTEGER NOT NULL,
  data BLOB NOT NULL,                  -- lines of NDJSON, zstd
  PRIMARY KEY (run, seq)
) STRICT;

CREATE TABLE run_amendment (
  run INTEGER NOT NULL REFERENCES run (number),
  record INTEGER NOT NULL,             -- ordinal of the record, from 0
  superseded_by_line INTEGER,          -- line of the later row under the same key
  patch TEXT,                          -- JSON: what comparing made of the record after it was made
  PRIMARY KEY (run, record)
) STRICT, WITHOUT ROWID;

CREATE TABLE reject (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (number),
  input INTEGER NOT NULL REFERENCES run_input (id),
  line INTEGER NOT NULL,
  reject_id TEXT NOT NULL,
  rule TEXT NOT NULL,
  field TEXT,
  reason TEXT NOT NULL,                -- masked; the cells are never kept
  resolved_by_run INTEGER
) STRICT;
CREATE INDEX reject_by_reject_id ON reject (reject_id);
CREATE INDEX reject_by_run ON reject (run);

CREATE TABLE decision (
  run INTEGER NOT NULL REFERENCES run (number),
  seq INTEGER NOT NULL,                -- from 1
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,               -- public key of what was decided about, or empty
  payload TEXT,                        -- JSON; absent once erased, which leaves the chain whole
  payload_hash BLOB NOT NULL,          -- keyed hash of the payload
  previous_hash BLOB NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (run, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX decision_by_subject ON decision (subject);

-- With a rowid: a table without one would put each image on a page of its own.
CREATE TABLE before_image (
  run INTEGER NOT NULL REFERENCES run (number),
  kind INTEGER NOT NULL,               -- which table
  row_id INTEGER NOT NULL,
  image BLOB NOT NULL,                 -- the row as it was when the run began, sealed
  PRIMARY KEY (run, kind, row_id)
) STRICT;

-- Where originating_system_key is absent it is the listing_id.
-- Provenance columns of listing have no REFERENCES: checking three parents a row costs a tenth of a
-- first load; `verify` looks instead.
CREATE TABLE listing (
  id INTEGER PRIMARY KEY,
  listing_key TEXT NOT NULL,
  home_key TEXT,                       -- listings of one home share it; absent: listing_key with an H
  content_hash INTEGER NOT NULL,       -- of the fields and findings as last imported
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL,
  input INTEGER NOT NULL,              -- run_input it was last read from
  line INTEGER NOT NULL,               -- line in that input
  frozen INTEGER NOT NULL,             -- 1: stored, not offered
  verification TEXT,                   -- verified; absent: unverified
  verified_until TEXT,                 -- last day on which that holds; absent: no end
  findings TEXT,                       -- JSON array of [code, effect, field, detail]; absent: none
  stock_findings TEXT,                 -- likewise, of the rules that look at other records too
  held INTEGER,                        -- 1: waits for a person; absent: it does not
  judgement TEXT,                      -- JSON: what a person decided of it in the queue; absent: nothing
  place_hash INTEGER NOT NULL,         -- of city and county_or_parish; a look-up compares them too
  agent_hash INTEGER,                  -- of list_agent_id, likewise
  originating_system_name TEXT,        -- System the record comes from
  originating_system_key TEXT,         -- The record's key in that system, or a hash of what does not change
  listing_id TEXT,                     -- Id as the input wrote it
  title TEXT,                          -- Title of the advert (标题)
  standard_status TEXT,                -- Where the listing stands in its life
  subdivision_name TEXT,               -- Community, complex (小区)
  building_name TEXT,                  -- Building within the community (楼栋)
  city TEXT,                           -- City
  county_or_parish TEXT,               -- District (区县)
  list_price INTEGER,                  -- Asking price of the whole home
  close_price INTEGER,                 -- Price of the closed deal
  lease_amount INTEGER,                -- Rent for one lease_amount_frequency
  building_area_total INTEGER,         -- Gross area (建筑面积)
  public_remarks TEXT,                 -- Text of the advert (房源描述, 核心卖点)
  photos TEXT,                         -- Addresses of the photos
  list_agent_id TEXT,                  -- Agent, as the source names it
  fact_numbers TEXT,                   -- JSON array, each fact at its place; see listing_view
  fact_texts TEXT,                     -- likewise
  detail TEXT,                         -- JSON object of the rarer fields
  sealed BLOB                          -- private fields
) STRICT;
CREATE UNIQUE INDEX listing_by_key ON listing (listing_key);
CREATE INDEX listing_by_place ON listing (place_hash);
CREATE INDEX listing_by_agent ON listing (agent_hash);
CREATE INDEX listing_by_verified_until ON listing (verified_until) WHERE verified_until IS NOT NULL;

CREATE TABLE listing_history (
  id INTEGER PRIMARY KEY,
  listing INTEGER NOT NULL REFERENCES listing (id),
  run INTEGER NOT NULL REFERENCES run (number),
  at INTEGER NOT NULL,
  field TEXT NOT NULL,
  change_type TEXT NOT NULL,           -- RESO ChangeType; Freeze and Thaw are ours
  previous_value TEXT,
  new_value TEXT,
  reason TEXT
) STRICT;
CREATE INDEX listing_history_by_listing ON listing_history (listing, run);
CREATE INDEX listing_history_by_run ON listing_history (run);

CREATE TABLE media (
  id INTEGER PRIMARY KEY,
  media_key TEXT NOT NULL UNIQUE,
  listing INTEGER NOT NULL REFERENCES listing (id),
  url TEXT NOT NULL,
  kind TEXT NOT NULL,                  -- photo, video, vr, plan
  room TEXT,                           -- what it shows, as written
  width INTEGER,
  height INTEGER,
  seconds TEXT,                        -- decimal
  content_hash TEXT,
  watermark TEXT,                      -- whose it bears, or yes; no: none
  rendering INTEGER,                   -- 1: drawn, not taken (效果图)
  sort_order INTEGER,
  caption TEXT,
  own INTEGER,                         -- 1: told by the listing's own row
  removed INTEGER,                     -- 1: the listing no longer shows it
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;
CREATE INDEX media_by_listing ON media (listing);

-- What bears a listing out: each piece is seen by a person, its reference is private.
CREATE TABLE evidence (
  id INTEGER PRIMARY KEY,
  evidence_key TEXT NOT NULL UNIQUE,
  listing INTEGER NOT NULL REFERENCES listing (id),
  kind TEXT NOT NULL,                  -- ownership-certificate, owner-identity, verification-code, owner-consent
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,                 -- who looked at it
  valid_until TEXT,
  sealed BLOB,                         -- its reference
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;
CREATE INDEX evidence_by_listing ON evidence (listing);

-- A change of what is locked by verification, asked for by an import or a person.
CREATE TABLE correction (
  id INTEGER PRIMARY KEY,
  correction_key TEXT NOT NULL UNIQUE,
  listing INTEGER NOT NULL REFERENCES listing (id),
  origin TEXT NOT NULL,                -- import, person
  status TEXT NOT NULL,                -- pending, approved, rejected, withdrawn by its origin
  changes TEXT NOT NULL,               -- JSON object: field to [value, wanted value], nothing private
  sealed BLOB,                         -- the same of private fields
  requested_at INTEGER NOT NULL,
  requested_by TEXT NOT NULL,
  reason TEXT,
  decided_at INTEGER,
  decided_by TEXT,
  decision_reason TEXT,
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;
CREATE INDEX correction_by_listing ON correction (listing);
CREATE INDEX correction_by_status ON correction (status);

-- Two listings that may offer one home: a person decides.
CREATE TABLE home_pair (
  id INTEGER PRIMARY KEY,
  pair_key TEXT NOT NULL UNIQUE,
  listing_a INTEGER NOT NULL REFERENCES listing (id),
  listing_b INTEGER NOT NULL REFERENCES listing (id),
  weight INTEGER NOT NULL,             -- log-odds (base 2) that the home is one, in thousandths
  evidence TEXT,                       -- JSON object: what speaks for and against it, in thousandths
  status TEXT NOT NULL,                -- pending, same, different, dropped
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;
CREATE INDEX home_pair_by_a ON home_pair (listing_a);
CREATE INDEX home_pair_by_b ON home_pair (listing_b);
CREATE INDEX home_pair_by_status ON home_pair (status, weight);

-- An agent who lost the right to promote listings for a time.
CREATE TABLE promotion_bar (
  id INTEGER PRIMARY KEY,
  bar_key TEXT NOT NULL UNIQUE,
  originating_system_name TEXT NOT NULL,
  list_agent_id TEXT NOT NULL,
  starts_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,               -- last day
  listing_key TEXT NOT NULL,           -- what it was for
  rule TEXT NOT NULL,
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;
CREATE INDEX promotion_bar_by_agent ON promotion_bar (list_agent_id);

-- Which listings may share something: sorted pieces of 64-bit numbers, a hash in the upper half and a
-- listing's id in the lower. Pieces are added and merged, entries never taken out: what is found is looked
-- at again in the listing itself.
CREATE TABLE posting (
  id INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL,               -- 1: block of homes, 2: photo, 3: figures of prices
  run INTEGER NOT NULL,
  first INTEGER NOT NULL,              -- least hash in it
  data BLOB NOT NULL
) STRICT;
CREATE INDEX posting_by_kind ON posting (kind, run, first);

CREATE TABLE office (
  id INTEGER PRIMARY KEY,
  office_key TEXT NOT NULL UNIQUE,
  originating_system_name TEXT NOT NULL,
  originating_system_key TEXT NOT NULL,
  office_id TEXT NOT NULL,             -- as its source wrote it
  office_name TEXT,
  office_status TEXT,
  detail TEXT,
  sealed BLOB,
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;

CREATE TABLE member (
  id INTEGER PRIMARY KEY,
  member_key TEXT NOT NULL UNIQUE,
  originating_system_name TEXT NOT NULL,
  originating_system_key TEXT NOT NULL,
  member_id TEXT NOT NULL,             -- as its source wrote it
  member_full_name TEXT,               -- business name, not private
  member_status TEXT,
  office INTEGER REFERENCES office (id),
  role TEXT,
  licence TEXT,
  licence_expires TEXT,                -- last day on which it holds
  detail TEXT,                         -- JSON object of the rest of the roster's columns
  sealed BLOB,                         -- private contacts
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;
CREATE INDEX member_by_member_id ON member (member_id);

CREATE TABLE contact (
  id INTEGER PRIMARY KEY,
  contact_key TEXT NOT NULL UNIQUE,
  data_key BLOB,                       -- the contact's own key, wrapped by the store's; destroyed by forget
  sealed BLOB,
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;

CREATE TABLE lead (
  id INTEGER PRIMARY KEY,
  lead_key TEXT NOT NULL UNIQUE,
  originating_system_name TEXT NOT NULL,
  originating_system_key TEXT NOT NULL,
  contact INTEGER REFERENCES contact (id),
  sealed BLOB,
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;

CREATE TABLE assignment (
  id INTEGER PRIMARY KEY,
  assignment_key TEXT NOT NULL UNIQUE,
  lead INTEGER NOT NULL REFERENCES lead (id),
  member INTEGER NOT NULL REFERENCES member (id),
  assigned_at INTEGER NOT NULL,
  valid_until INTEGER,
  protected_until INTEGER,
  ended_at INTEGER,
  reason TEXT,
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;

CREATE TABLE word (
  id INTEGER PRIMARY KEY,
  list TEXT NOT NULL,                  -- event_type, region, channel, …
  name TEXT NOT NULL,
  UNIQUE (list, name)
) STRICT;

CREATE TABLE event (
  lead INTEGER NOT NULL,
  at INTEGER NOT NULL,
  type INTEGER NOT NULL,               -- word of list event_type
  id INTEGER NOT NULL,                 -- 64 bits of the event_key's hash
  region INTEGER,                      -- word
  channel INTEGER,                     -- word
  member INTEGER,
  listing INTEGER,
  amount INTEGER,
  currency TEXT,
  created_run INTEGER NOT NULL,
  PRIMARY KEY (lead, at, type, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE review (
  id INTEGER PRIMARY KEY,
  review_key TEXT NOT NULL UNIQUE,
  originating_system_name TEXT NOT NULL,
  originating_system_key TEXT NOT NULL,
  member INTEGER REFERENCES member (id),
  sealed BLOB,
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;

CREATE TABLE credit_entry (
  id INTEGER PRIMARY KEY,
  credit_entry_key TEXT NOT NULL UNIQUE,
  member INTEGER NOT NULL REFERENCES member (id),
  at INTEGER NOT NULL,
  points INTEGER NOT NULL,             -- hundredths
  cause TEXT NOT NULL,
  evidence TEXT,
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;

CREATE TABLE ticket (
  id INTEGER PRIMARY KEY,
  ticket_key TEXT NOT NULL UNIQUE,
  subject TEXT NOT NULL,               -- public key of what it is about
  status TEXT NOT NULL,
  sealed BLOB,
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;

CREATE TABLE access_grant (
  id INTEGER PRIMARY KEY,
  grant_key TEXT NOT NULL UNIQUE,
  actor TEXT NOT NULL,
  role TEXT NOT NULL,
  scope TEXT NOT NULL,
  operations TEXT NOT NULL,
  requested_at INTEGER NOT NULL,
  approved_by TEXT,                    -- another person
  ends_at INTEGER,
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;

CREATE TABLE community (
  id INTEGER PRIMARY KEY,
  community_key TEXT NOT NULL UNIQUE,
  city TEXT NOT NULL,
  name TEXT NOT NULL,
  county_or_parish TEXT,
  mls_area_major TEXT,
  aliases TEXT,                        -- other names, | between them
  detail TEXT,                         -- JSON object
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;
CREATE INDEX community_by_name ON community (name, city);

CREATE TABLE calendar_day (
  id INTEGER PRIMARY KEY,
  day TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,                  -- holiday, working
  name TEXT NOT NULL,
  created_run INTEGER NOT NULL,
  updated_run INTEGER NOT NULL
) STRICT;

-- Every listing with every field that is not private, as `list` names them; amounts in units of the
-- currency, areas in their units, instants in UTC.
CREATE VIEW listing_view AS
SELECT
  (SELECT source FROM run_input WHERE run_input.id = listing.input) AS source, line, listing_key,
  coalesce(home_key, 'H' || substr(listing_key, 2)) AS home_key, frozen,
  coalesce(verification, 'unverified') AS verification,
  originating_system_name,
  coalesce(originating_system_key, listing_id) AS originating_system_key,
  listing_id,
  title,
  standard_status,
  fact_texts ->> 15 AS mls_status,
  fact_texts ->> 0 AS business_line,
  fact_texts ->> 1 AS property_type,
  fact_texts ->> 2 AS property_sub_type,
  subdivision_name,
  building_name,
  detail ->> 'entrance' AS entrance,
  detail ->> 'street_name' AS street_name,
  city,
  county_or_parish,
  detail ->> 'state_or_province' AS state_or_province,
  detail ->> 'postal_code' AS postal_code,
  fact_texts ->> 4 AS country,
  fact_texts ->> 5 AS mls_area_major,
  detail ->> 'mls_area_minor' AS mls_area_minor,
  detail ->> 'latitude' AS latitude,
  detail ->> 'longitude' AS longitude,
  detail ->> 'geo_datum' AS geo_datum,
  detail ->> 'distance_to_center' AS distance_to_center,
  list_price / CASE WHEN fact_texts ->> 3 IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 1.0 WHEN fact_texts ->> 3 IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 1000.0 WHEN fact_texts ->> 3 IN ('CLF', 'UYW') THEN 10000.0 ELSE 100.0 END AS list_price,
  detail ->> 'original_list_price' / CASE WHEN fact_texts ->> 3 IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 1.0 WHEN fact_texts ->> 3 IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 1000.0 WHEN fact_texts ->> 3 IN ('CLF', 'UYW') THEN 10000.0 ELSE 100.0 END AS original_list_price,
  detail ->> 'previous_list_price' / CASE WHEN fact_texts ->> 3 IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 1.0 WHEN fact_texts ->> 3 IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 1000.0 WHEN fact_texts ->> 3 IN ('CLF', 'UYW') THEN 10000.0 ELSE 100.0 END AS previous_list_price,
  close_price / CASE WHEN fact_texts ->> 3 IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 1.0 WHEN fact_texts ->> 3 IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 1000.0 WHEN fact_texts ->> 3 IN ('CLF', 'UYW') THEN 10000.0 ELSE 100.0 END AS close_price,
  lease_amount / CASE WHEN fact_texts ->> 3 IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 1.0 WHEN fact_texts ->> 3 IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 1000.0 WHEN fact_texts ->> 3 IN ('CLF', 'UYW') THEN 10000.0 ELSE 100.0 END AS lease_amount,
  fact_texts ->> 22 AS lease_amount_frequency,
  fact_numbers ->> 4 / CASE WHEN fact_texts ->> 3 IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 1.0 WHEN fact_texts ->> 3 IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 1000.0 WHEN fact_texts ->> 3 IN ('CLF', 'UYW') THEN 10000.0 ELSE 100.0 END AS unit_price,
  fact_texts ->> 3 AS currency,
  fact_texts ->> 11 AS price_basis,
  fact_texts ->> 17 AS price_mode,
  detail ->> 'deposit' / CASE WHEN fact_texts ->> 3 IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 1.0 WHEN fact_texts ->> 3 IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 1000.0 WHEN fact_texts ->> 3 IN ('CLF', 'UYW') THEN 10000.0 ELSE 100.0 END AS deposit,
  detail ->> 'rent_mode' AS rent_mode,
  detail ->> 'rent_terms' AS rent_terms,
  detail ->> 'down_payment' / CASE WHEN fact_texts ->> 3 IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 1.0 WHEN fact_texts ->> 3 IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 1000.0 WHEN fact_texts ->> 3 IN ('CLF', 'UYW') THEN 10000.0 ELSE 100.0 END AS down_payment,
  detail ->> 'taxes' / CASE WHEN fact_texts ->> 3 IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 1.0 WHEN fact_texts ->> 3 IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 1000.0 WHEN fact_texts ->> 3 IN ('CLF', 'UYW') THEN 10000.0 ELSE 100.0 END AS taxes,
  detail ->> 'association_fee' AS association_fee,
  detail ->> 'fee_statement' AS fee_statement,
  building_area_total / 100.0 AS building_area_total,
  fact_texts ->> 9 AS building_area_units,
  fact_numbers ->> 3 / 100.0 AS living_area,
  fact_texts ->> 10 AS living_area_units,
  detail ->> 'lot_size_area' / 100.0 AS lot_size_area,
  detail ->> 'lot_size_units' AS lot_size_units,
  detail ->> 'above_grade_area' / 100.0 AS above_grade_area,
  detail ->> 'below_grade_area' / 100.0 AS below_grade_area,
  fact_numbers ->> 0 AS bedrooms_total,
  fact_numbers ->> 1 AS living_rooms,
  fact_numbers ->> 10 AS kitchens,
  fact_numbers ->> 2 AS bathrooms_total_integer,
  detail ->> 'bathrooms_full' AS bathrooms_full,
  detail ->> 'bathrooms_half' AS bathrooms_half,
  detail ->> 'balconies' AS balconies,
  detail ->> 'rooms_total' AS rooms_total,
  detail ->> 'studio' AS studio,
  fact_numbers ->> 6 AS entry_level,
  fact_texts ->> 13 AS floor_band,
  fact_numbers ->> 5 AS stories_total,
  detail ->> 'stories' AS stories,
  detail ->> 'levels' AS levels,
  fact_numbers ->> 7 AS year_built,
  detail ->> 'year_renovated' AS year_renovated,
  fact_texts ->> 7 AS direction_faces,
  fact_texts ->> 6 AS orientation,
  fact_texts ->> 8 AS decoration,
  detail ->> 'building_form' AS building_form,
  detail ->> 'structure' AS structure,
  fact_numbers ->> 8 AS elevator,
  detail ->> 'lift_ratio' AS lift_ratio,
  detail ->> 'heating' AS heating,
  detail ->> 'cooling' AS cooling,
  detail ->> 'parking_total' AS parking_total,
  detail ->> 'parking' AS parking,
  detail ->> 'water' AS water,
  detail ->> 'electricity' AS electricity,
  detail ->> 'gas' AS gas,
  detail ->> 'furnished' AS furnished,
  detail ->> 'condition' AS condition,
  detail ->> 'view' AS view,
  detail ->> 'waterfront' AS waterfront,
  fact_texts ->> 14 AS tenure,
  detail ->> 'ownership_shared' AS ownership_shared,
  detail ->> 'land_years' AS land_years,
  fact_texts ->> 18 AS holding,
  detail ->> 'last_sale_date' AS last_sale_date,
  detail ->> 'title_uploaded' AS title_uploaded,
  detail ->> 'verification_code' AS verification_code,
  detail ->> 'school' AS school,
  fact_texts ->> 19 AS metro,
  detail ->> 'metro_line' AS metro_line,
  fact_numbers ->> 11 AS metro_distance,
  fact_texts ->> 12 AS tags,
  public_remarks,
  photos,
  fact_numbers ->> 9 AS photos_count,
  detail ->> 'url' AS url,
  detail ->> 'promoted' AS promoted,
  detail ->> 'follow_count' AS follow_count,
  detail ->> 'showing_count' AS showing_count,
  detail ->> 'view_count' AS view_count,
  detail ->> 'published_ago' AS published_ago,
  list_agent_id,
  detail ->> 'list_agent_full_name' AS list_agent_full_name,
  detail ->> 'list_office_id' AS list_office_id,
  detail ->> 'list_office_name' AS list_office_name,
  detail ->> 'buyer_agent_id' AS buyer_agent_id,
  detail ->> 'co_list_agent_id' AS co_list_agent_id,
  fact_texts ->> 16 AS channel,
  strftime('%Y-%m-%dT%H:%M:%SZ', fact_numbers ->> 12 / 1000000, 'unixepoch') AS on_market_timestamp,
  fact_texts ->> 20 AS on_market_date,
  detail ->> 'listing_contract_date' AS listing_contract_date,
  detail ->> 'expiration_date' AS expiration_date,
  fact_texts ->> 21 AS close_date,
  detail ->> 'off_market_date' AS off_market_date,
  detail ->> 'withdrawn_date' AS withdrawn_date,
  detail ->> 'purchase_contract_date' AS purchase_contract_date,
  detail ->> 'availability_date' AS availability_date,
  detail ->> 'lease_term' AS lease_term,
  detail ->> 'days_on_market' AS days_on_market,
  strftime('%Y-%m-%dT%H:%M:%SZ', fact_numbers ->> 13 / 1000000, 'unixepoch') AS modification_timestamp,
  strftime('%Y-%m-%dT%H:%M:%SZ', detail ->> 'original_entry_timestamp' / 1000000, 'unixepoch') AS original_entry_timestamp,
  strftime('%Y-%m-%dT%H:%M:%SZ', detail ->> 'status_change_timestamp' / 1000000, 'unixepoch') AS status_change_timestamp,
  strftime('%Y-%m-%dT%H:%M:%SZ', detail ->> 'price_change_timestamp' / 1000000, 'unixepoch') AS price_change_timestamp,
  detail ->> 'captured_date' AS captured_date
FROM listing;

-- What the rules found when each listing was last imported.
CREATE VIEW finding AS
SELECT listing_key, listing_id, found.value ->> 0 AS code, found.value ->> 1 AS effect,
  nullif(found.value ->> 2, '') AS field, nullif(found.value ->> 3, '') AS detail
FROM listing, json_each(listing.findings) AS found;
