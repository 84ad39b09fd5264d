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
{listing fields}
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
