//! Every query both engines run, by name. Short ones stand here, longer ones in `sql/`; a test
//! prepares each on an empty store of either engine.

macro_rules! queries {
    ($($name:ident = $sql:expr;)+) => {
        $(pub(crate) const $name: &str = $sql;)+
        const FIXED: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

queries! {
    META_GET = "SELECT value FROM meta WHERE name = $name";
    META_SET = "INSERT INTO meta (name, value) VALUES ($name, $value) \
                ON CONFLICT (name) DO UPDATE SET value = excluded.value";

    RUN_START = include_str!("../sql/run_start.sql");
    RUN_END = include_str!("../sql/run_end.sql");
    RUN_FAIL = "UPDATE run SET ended_at = $ended_at, outcome = $outcome WHERE number = $number";
    RUN_CHAIN = "UPDATE run SET chain = $chain WHERE number = $number";
    RUN_UNDONE = "UPDATE run SET undone_by = $by WHERE number = $number";
    RUN_ENTRY = include_str!("../sql/run_entry.sql");
    RUN_LAST_CHAIN = "SELECT chain FROM run WHERE chain IS NOT NULL AND number < $number \
                      ORDER BY number DESC LIMIT 1";
    RUN_HEAD_BEFORE = "SELECT number, chain FROM run WHERE chain IS NOT NULL AND number < $number \
                       ORDER BY number DESC LIMIT 1";
    RUN_LIST = include_str!("../sql/run_list.sql");
    RUN_ONE = include_str!("../sql/run_one.sql");
    RUN_CHAINED = "SELECT number, head, chain FROM run WHERE chain IS NOT NULL ORDER BY number";
    RUN_INPUT_START = include_str!("../sql/run_input_start.sql");
    RUN_INPUT_END = "UPDATE run_input SET content_hash = $hash, record_count = $count WHERE id = $id";
    RUN_INPUT_LIST = include_str!("../sql/run_input_list.sql");
    RUN_INPUT_EVERY = "SELECT id, run, source, format, encoding, mapping, content_hash, record_count \
                       FROM run_input ORDER BY id";
    RUN_INPUT_ONE = include_str!("../sql/run_input_one.sql");
    RUN_RECORD_INSERT = "INSERT INTO run_record (run, seq, data) VALUES ($run, $seq, $data)";
    RUN_RECORD_LIST = "SELECT data FROM run_record WHERE run = $run ORDER BY seq";
    RUN_AMENDMENT_INSERT = include_str!("../sql/run_amendment_insert.sql");
    RUN_AMENDMENT_LIST = "SELECT record, superseded_by_line, patch FROM run_amendment \
                          WHERE run = $run ORDER BY record";

    REJECT_INSERT = include_str!("../sql/reject_insert.sql");
    REJECT_RESOLVE = "UPDATE reject SET resolved_by_run = $run \
                      WHERE reject_id = $reject_id AND resolved_by_run IS NULL AND run < $run";
    REJECT_UNRESOLVE = "UPDATE reject SET resolved_by_run = NULL WHERE resolved_by_run = $run";
    REJECT_LIST = include_str!("../sql/reject_list.sql");
    REJECT_INPUTS = "SELECT reject_id, input FROM reject WHERE run = $run ORDER BY id";
    REJECT_ORIGIN = include_str!("../sql/reject_origin.sql");

    DECISION_INSERT = include_str!("../sql/decision_insert.sql");
    DECISION_LIST = include_str!("../sql/decision_list.sql");
    DECISION_OF_SUBJECT = include_str!("../sql/decision_of_subject.sql");
    DECISION_COUNT_LOOSE = include_str!("../sql/decision_count_loose.sql");

    IMAGE_INSERT = "INSERT INTO before_image (run, kind, row_id, image) \
                    VALUES ($run, $kind, $row_id, $image) ON CONFLICT DO NOTHING";
    IMAGE_GET = "SELECT image FROM before_image WHERE run = $run AND kind = $kind AND row_id = $row_id";
    IMAGE_DELETE = "DELETE FROM before_image WHERE run = $run AND kind = $kind AND row_id = $row_id";
    IMAGE_LIST = "SELECT row_id, image FROM before_image WHERE run = $run AND kind = $kind \
                  AND row_id > $after ORDER BY row_id LIMIT 1000";
    IMAGE_DELETE_RUN = "DELETE FROM before_image WHERE run = $run";

    LISTING_ANY = "SELECT count(*) FROM (SELECT id FROM listing LIMIT 1) AS one";
    LISTING_KEY_BY_ID = "SELECT listing_key FROM listing WHERE id = $id";
    LISTING_ID_BY_KEY = "SELECT id FROM listing WHERE listing_key = $key";
    LISTING_FIND = "SELECT id, content_hash, frozen, created_run, verification, home_key, \
                    (stock_findings IS NOT NULL OR held IS NOT NULL), verified_until, judgement \
                    FROM listing WHERE listing_key = $key";
    LISTING_STOCK = "SELECT id, listing_key, content_hash, frozen, verification, home_key, \
                     (stock_findings IS NOT NULL OR held IS NOT NULL), judgement FROM listing";
    LISTING_LAST_ID = "SELECT coalesce(max(id), 0) FROM listing";
    LISTING_HOME = "SELECT city, subdivision_name FROM listing WHERE id = $id";
    LISTING_FIND_ID = "SELECT id, content_hash, frozen, created_run, verification, home_key, \
                       (stock_findings IS NOT NULL OR held IS NOT NULL), verified_until, judgement \
                       FROM listing WHERE id = $id AND listing_key = $key";
    LISTING_SET_COMPARED = include_str!("../sql/listing_set_compared.sql");
    LISTING_COUNT = "SELECT count(*) FROM listing";
    LISTING_SET_FROZEN = "UPDATE listing SET frozen = $frozen, updated_run = $run WHERE id = $id";
    LISTING_JUDGE = "UPDATE listing SET judgement = $judgement, frozen = $frozen, held = $held, \
                     updated_run = $run WHERE id = $id";
    LISTING_SET_VERIFICATION = "UPDATE listing SET verification = $verification, \
                                verified_until = $until, content_hash = $content_hash, \
                                updated_run = $run WHERE id = $id";
    LISTING_VERIFICATION_ENDED = "SELECT listing_key, verified_until FROM listing \
                                  WHERE verified_until < $today";
    LISTING_HOMES = "SELECT id, listing_key, home_key FROM listing";
    LISTING_IDS = "SELECT listing_id, listing_key FROM listing";
    LISTING_WITHDRAW = include_str!("../sql/listing_withdraw.sql");
    LISTING_BY_CODES = include_str!("../sql/listing_by_codes.sql");

    LISTING_OF_AGENT = "SELECT id FROM listing WHERE agent_hash = $hash AND list_agent_id = $agent ORDER BY id";
    LISTING_WITH_FINDING = "SELECT id FROM listing WHERE stock_findings LIKE $pattern ORDER BY id";
    LISTING_FINDINGS = "SELECT findings FROM listing WHERE id = $id";
    LISTING_STRAYS = include_str!("../sql/listing_strays.sql");
    LISTING_SEALED = "SELECT listing_key, sealed FROM listing WHERE sealed IS NOT NULL ORDER BY id";

    LISTING_SEALED_OF = "SELECT sealed FROM listing WHERE id = $id";

    HISTORY_INSERT = include_str!("../sql/history_insert.sql");
    HISTORY_FORGET = "DELETE FROM listing_history WHERE listing = $listing AND run = $run";
    HISTORY_FORGET_FREEZE = "DELETE FROM listing_history \
                             WHERE listing = $listing AND run = $run AND field = 'frozen'";
    HISTORY_FORGET_RUN = "DELETE FROM listing_history WHERE run = $run";
    HISTORY_OF_LISTING = include_str!("../sql/history_of_listing.sql");

    MEMBER_INSERT = include_str!("../sql/member_insert.sql");
    MEMBER_UPDATE = include_str!("../sql/member_update.sql");
    MEMBER_ID = "SELECT id FROM member WHERE member_key = $key";
    MEMBER_SET_STATUS = "UPDATE member SET member_status = $status, updated_run = $run WHERE id = $id";
    MEMBER_SEALED = "SELECT member_key, sealed FROM member WHERE sealed IS NOT NULL ORDER BY id";
    MEMBER_LIST = include_str!("../sql/member_list.sql");
    MEMBER_ONE = include_str!("../sql/member_one.sql");
    OFFICE_INSERT = include_str!("../sql/office_insert.sql");
    OFFICE_UPDATE = include_str!("../sql/office_update.sql");
    OFFICE_ID = "SELECT id FROM office WHERE office_key = $key";
    SETTING_GET = "SELECT value FROM setting WHERE name = $name";
    SETTING_SET = "INSERT INTO setting (name, value, updated_run) VALUES ($name, $value, $run) \
                   ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_run = excluded.updated_run";
    SETTING_FORGET = "DELETE FROM setting WHERE updated_run >= $run";
    BAR_INSERT = include_str!("../sql/bar_insert.sql");
    BAR_END = "UPDATE promotion_bar SET ends_on = $ends_on, updated_run = $run WHERE id = $id";
    BAR_ID = "SELECT id FROM promotion_bar WHERE bar_key = $key";
    BAR_LIST = include_str!("../sql/bar_list.sql");
    HISTORY_LAST_FREEZE = "SELECT max(run) FROM listing_history \
                           WHERE listing = $listing AND change_type = 'Freeze'";

    CORRECTION_INSERT = include_str!("../sql/correction_insert.sql");
    CORRECTION_RENEW = include_str!("../sql/correction_renew.sql");
    CORRECTION_CLOSE = include_str!("../sql/correction_close.sql");
    CORRECTION_LIST = include_str!("../sql/correction_list.sql");
    CORRECTION_OF_LISTING = include_str!("../sql/correction_of_listing.sql");
    CORRECTION_ONE = include_str!("../sql/correction_one.sql");
    CORRECTION_SEALED = "SELECT correction_key, sealed FROM correction \
                         WHERE sealed IS NOT NULL ORDER BY id";
    EVIDENCE_INSERT = include_str!("../sql/evidence_insert.sql");
    EVIDENCE_RENEW = "UPDATE evidence SET valid_until = $until, at = $at, actor = $actor, \
                      updated_run = $run WHERE id = $id";
    EVIDENCE_OF_LISTING = include_str!("../sql/evidence_of_listing.sql");
    EVIDENCE_SEALED = "SELECT evidence_key, sealed FROM evidence \
                       WHERE sealed IS NOT NULL ORDER BY id";
    QUESTION_LIST = include_str!("../sql/question_list.sql");
    QUESTION_ONE = include_str!("../sql/question_one.sql");
    CREDIT_INSERT = include_str!("../sql/credit_insert.sql");
    CREDIT_OF_MEMBER = include_str!("../sql/credit_of_member.sql");
    EVENT_OF_LISTING_ANY = "SELECT count(*) FROM \
                            (SELECT lead FROM event WHERE listing IS NOT NULL LIMIT 1) AS one";
    EVENT_OF_LISTINGS = include_str!("../sql/event_of_listings.sql");

    OFFICE_ID_BY_KEY = "SELECT office_id FROM office WHERE office_key = $key";
    LISTING_ID_NAMES = "SELECT id, listing_id FROM listing WHERE listing_id IS NOT NULL";
    LISTING_NAMED = "SELECT listing_key, listing_id FROM listing WHERE id = $id";

    MEDIA_LISTINGS = "SELECT DISTINCT listing FROM media ORDER BY listing";
    MEDIA_TOLD = include_str!("../sql/media_told.sql");
    MEDIA_ANY = "SELECT count(*) FROM (SELECT id FROM media LIMIT 1) AS one";
    MEDIA_COUNTS = "SELECT listing_key, count(*) FROM media JOIN listing ON listing.id = media.listing \
                    WHERE removed IS NULL GROUP BY listing_key";
    MEDIA_BY_KEY = include_str!("../sql/media_by_key.sql");
    MEDIA_OF_LISTING = include_str!("../sql/media_of_listing.sql");
    MEDIA_INSERT = include_str!("../sql/media_insert.sql");
    MEDIA_UPDATE = include_str!("../sql/media_update.sql");
    LISTING_SET_FINDINGS = include_str!("../sql/listing_set_findings.sql");
    HOME_PAIR_EVERY = "SELECT id, listing_a, listing_b, status FROM home_pair ORDER BY id";
    LISTING_SET_HOME = "UPDATE listing SET home_key = $home_key, updated_run = $run WHERE id = $id";
    HOME_PAIR_ANY = "SELECT count(*) FROM (SELECT id FROM home_pair LIMIT 1) AS one";
    HOME_PAIR_OF = "SELECT id, listing_a, listing_b, status FROM home_pair WHERE listing_a = $a ORDER BY id";
    HOME_PAIR_COUNT = "SELECT count(*) FROM home_pair WHERE status = $status";
    HOME_PAIR_INSERT = include_str!("../sql/home_pair_insert.sql");
    HOME_PAIR_STATUS = "UPDATE home_pair SET status = $status, updated_run = $run WHERE id = $id";

    POSTING_INSERT = "INSERT INTO posting (kind, run, first, data) VALUES ($kind, $run, $first, $data)";
    POSTING_DELETE_KIND = "DELETE FROM posting WHERE kind = $kind";
    POSTING_LIST = "SELECT id, run, first FROM posting WHERE kind = $kind ORDER BY run, first, id";
    POSTING_DATA = "SELECT data FROM posting WHERE id = $id";
    POSTING_DELETE = "DELETE FROM posting WHERE id = $id";
    FIGURES_GET = "SELECT data FROM posting WHERE kind = $kind ORDER BY run DESC LIMIT 1";
    FIGURES_DELETE = "DELETE FROM posting WHERE kind = $kind";

    COMMUNITY_INSERT = include_str!("../sql/community_insert.sql");
    COMMUNITY_UPDATE = include_str!("../sql/community_update.sql");
    COMMUNITY_ID = "SELECT id FROM community WHERE community_key = $key";
    COMMUNITY_LIST = include_str!("../sql/community_list.sql");
    CALENDAR_INSERT = include_str!("../sql/calendar_insert.sql");
    CALENDAR_UPDATE = "UPDATE calendar_day SET kind = $kind, name = $name, updated_run = $run \
                       WHERE id = $id";
    CALENDAR_ID = "SELECT id, kind, name FROM calendar_day WHERE day = $day";
    CALENDAR_LIST = "SELECT day, kind, name FROM calendar_day ORDER BY day";
}

/// Every shared query, by name.
pub fn shared_queries() -> Vec<(String, String)> {
    let fixed = FIXED
        .iter()
        .map(|(name, sql)| ((*name).to_owned(), (*sql).to_owned()));
    fixed
        .chain(crate::listing::queries())
        .chain(crate::image::queries())
        .collect()
}
