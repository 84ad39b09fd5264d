//! Real exports, with no mapping given. They are not part of the repository: the test runs where
//! `$BROKERKIT_REAL_FILES` names the folder they lie in.

mod common;

use common::*;
use testkit::Place;

/// One file: what reads it, how many records it holds, and how many of them nobody could call good.
struct Real {
    name: &'static str,
    communities: bool,
    records: u64,
    bad: u64,
}

const fn listings_file(name: &'static str, records: u64, bad: u64) -> Real {
    Real {
        name,
        communities: false,
        records,
        bad,
    }
}

const FILES: &[Real] = &[
    Real {
        name: "communities_beijing_lianjia_utf8.csv",
        communities: true,
        records: 6059,
        bad: 0,
    },
    Real {
        name: "communities_shanghai.xlsx",
        communities: true,
        records: 2952,
        bad: 0,
    },
    listings_file("deals_nanjing_lianjia_utf8.csv", 14_255, 0),
    listings_file("kc_house_data.csv", 21_612, 0),
    listings_file("lianjia_beijing_510_utf8bom.csv", 510, 0),
    listings_file("lianjia_beijing_cr_only.csv", 23_677, 0),
    listings_file("lianjia_beijing_plain_utf8.csv", 23_677, 0),
    listings_file("lianjia_beijing_splitcols_gbk.csv", 4650, 0),
    listings_file("lianjia_beijing_viewings_utf8.csv", 1399, 0),
    listings_file("lianjia_hangzhou_webscraper_utf8bom.csv", 3000, 0),
    listings_file("lianjia_shanghai_cnheader_gbk.csv", 28_201, 0),
    // 39 rows have two or three cells more than the header: nobody can tell which.
    listings_file("lianjia_wuhan_2018_utf8.csv", 782, 39),
    listings_file("melbourne_sales.csv", 13_580, 0),
    listings_file("rent_beijing_beike_utf8.csv", 2942, 0),
    listings_file("rent_beijing_lianjia.jsonl", 120, 0),
    listings_file("rent_beijing_lianjia_utf8.csv", 3000, 0),
    listings_file("rent_tianjin_lianjia_array.json", 3000, 0),
];

#[test]
fn real_files_go_in_without_a_mapping() {
    let Some(folder) = std::env::var_os("BROKERKIT_REAL_FILES") else {
        return testkit::skipped("BROKERKIT_REAL_FILES does not name the folder of the real files");
    };
    let folder = std::path::Path::new(&folder);
    let mut wrong = Vec::new();
    let mut table = String::from(
        "| file | read | rejected | frozen | seconds |\n| --- | --- | --- | --- | --- |\n",
    );
    for file in FILES {
        let path = folder.join(file.name);
        if !path.exists() {
            wrong.push(format!("{}: not there", file.name));
            continue;
        }
        let place = Place::new();
        let path = path.to_str().unwrap();
        let mut args = vec![
            path,
            "--summary",
            "summary.json",
            "--rejects",
            "rejects.csv",
            "-o",
            "/dev/null",
        ];
        if file.communities {
            args.insert(0, "communities");
        }
        let ran = place.run("listing-import", &args).no_panic();
        if ran.code != 0 {
            wrong.push(format!("{}: {ran}", file.name));
            continue;
        }
        let summary: serde_json::Value = serde_json::from_str(&place.read("summary.json")).unwrap();
        let (read, rejected) = (count(&summary, "read"), count(&summary, "rejected"));
        table.push_str(&format!(
            "| {} | {read} | {rejected} | {} | {} |\n",
            file.name, summary["frozen"], summary["seconds"]
        ));
        if read != file.records {
            wrong.push(format!(
                "{}: {read} records read, it holds {}",
                file.name, file.records
            ));
        }
        let good = file.records - file.bad;
        let lost = rejected.saturating_sub(file.bad);
        if lost * 100 > good {
            wrong.push(format!(
                "{}: {lost} of {good} good rows are rejected",
                file.name
            ));
        }
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{}\n{}", table, wrong.join("\n"));
}
