//! What only a process shows: exit codes, closed pipes, signals, help, config layers. Runs the
//! example `echo`, which cargo builds beside the tests.

// clippy sees tests here, but not that their helpers are tests too
#![allow(clippy::unwrap_used)]

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Place(tempfile::tempdir().unwrap())
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(echo());
        command
            .args(args)
            .env_clear()
            .env("HOME", self.0.path())
            .current_dir(self.0.path())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }
}

/// The example lies beside the folder of the test's own binary.
fn echo() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.parent()
        .and_then(|deps| deps.parent())
        .unwrap()
        .join("examples")
        .join("echo")
}

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

#[test]
fn records_out_and_the_summary_beside() {
    let (code, out, err) = said(&Place::new().run(&["--count", "2"]));
    assert_eq!(code, Some(0));
    assert_eq!(
        out,
        "{\"row\":0,\"action\":\"new\"}\n{\"row\":1,\"action\":\"new\"}\n"
    );
    assert!(err.starts_with("echo: 2 read, 2 new in "), "{err}");
    let (_, _, quiet) = said(&Place::new().run(&["-q"]));
    assert_eq!(quiet, "");
}

#[test]
fn exit_codes_and_their_lines() {
    let place = Place::new();
    let run = |act: &str| said(&place.run(&["--act", act]));
    assert_eq!(
        run("fail"),
        (
            Some(1),
            String::new(),
            "echo: error: cannot echo\n  caused by: disk on fire\n".into()
        )
    );
    assert_eq!(
        run("busy"),
        (
            Some(75),
            String::new(),
            "echo: error: store is held\n  hint: pass `--wait 5m`\n".into()
        )
    );
    assert_eq!(run("gate").0, Some(3));
    let (code, out, err) = run("usage");
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(
        err.starts_with("echo: error: name a file\n\nGive out records\n"),
        "{err}"
    );
    let (code, _, err) = run("panic");
    assert_eq!(code, Some(1));
    assert!(
        err.contains("echo.rs:") && !err.contains("private"),
        "{err}"
    );
    let (code, out, err) = said(&place.run(&["--cuont", "3"]));
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("echo: error: unexpected argument"), "{err}");
}

#[test]
fn a_closed_pipe_is_quiet() {
    let place = Place::new();
    for format in ["ndjson", "csv", "json"] {
        let mut child = place
            .command(&["-q", "--count", "200000", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = [0; 1];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        assert_eq!(
            said(&child.wait_with_output().unwrap()),
            (Some(0), String::new(), String::new()),
            "{format}"
        );
    }
    let mut child = place
        .command(&["--help"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn ctrl_c_ends_with_130() {
    let place = Place::new();
    let mut child = place
        .command(&["--act", "wait"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    stderr.read_line(&mut String::new()).unwrap();
    let killed = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(
        rest.ends_with("echo: error: interrupted; nothing was changed\n"),
        "{rest}"
    );
}

#[test]
fn help_speaks_the_readers_language() {
    let place = Place::new();
    let (code, out, _) = said(&place.run(&["--lang", "zh", "-h"]));
    assert_eq!(code, Some(0));
    assert!(
        out.starts_with("给出记录\n") && out.contains("用法：") && out.contains("多少条记录"),
        "{out}"
    );
    let from_env = place
        .command(&["--help"])
        .env("BROKERKIT_LANG", "zh")
        .output()
        .unwrap();
    assert!(said(&from_env).1.contains("退出码"));
    std::fs::write(
        place.0.path().join("brokerkit.toml"),
        "[defaults]\nlang = \"zh\"\n",
    )
    .unwrap();
    assert!(said(&place.run(&["-h"])).1.contains("用法："));
    let (_, english, _) = said(&place.run(&["--lang", "en", "--help"]));
    assert!(
        english.contains("Usage:") && english.contains("Exit status: 0 done"),
        "{english}"
    );
}

#[test]
fn flags_win_over_the_environment_and_that_over_files() {
    let place = Place::new();
    let tell = |args: &[&str], store: Option<&str>| {
        let mut command = place.command(&["--now", "2026-03-01T09:00:00+08:00", "--act", "tell"]);
        command.args(args);
        if let Some(store) = store {
            command.env("BROKERKIT_STORE", store);
        }
        said(&command.output().unwrap()).2
    };
    assert_eq!(
        tell(&[], None),
        "echo: store brokerage.db, now 2026-03-01T01:00:00Z, tz Asia/Shanghai\n"
    );
    let user = place.0.path().join(".config/brokerkit");
    std::fs::create_dir_all(&user).unwrap();
    std::fs::write(user.join("brokerkit.toml"), "[defaults]\ntz = \"UTC\"\n").unwrap();
    std::fs::write(
        place.0.path().join("brokerkit.toml"),
        "[store]\npath = \"file.db\"\n",
    )
    .unwrap();
    assert_eq!(
        tell(&[], None),
        "echo: store file.db, now 2026-03-01T01:00:00Z, tz UTC\n"
    );
    assert!(tell(&[], Some("env.db")).contains("store env.db"));
    assert!(tell(&["--store", "flag.db"], Some("env.db")).contains("store flag.db"));
    assert!(
        tell(&[], Some("")).contains("store file.db"),
        "a variable set to nothing is not set"
    );
    std::fs::write(
        place.0.path().join("brokerkit.toml"),
        "[store]\npaht = \"x\"\n",
    )
    .unwrap();
    let err = tell(&[], None);
    assert_eq!(
        err,
        "echo: error: config file `brokerkit.toml`, line 2: unknown key `store.paht`\n  hint: the nearest is `store.path`\n"
    );
}

#[test]
fn pages_completions_and_schema_go_to_standard_output() {
    let place = Place::new();
    for what in ["man", "complete-bash", "complete-zsh", "complete-fish"] {
        let (code, out, err) = said(&place.run(&["--generate", what]));
        assert_eq!((code, err.as_str()), (Some(0), ""), "{what}");
        assert!(
            out.contains("show-mapping") || out.contains("show\\-mapping"),
            "{what}"
        );
    }
    let (_, schema, _) = said(&place.run(&["--schema"]));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&schema).unwrap()["title"],
        "echo"
    );
    assert_eq!(said(&place.run(&["--generate", "nonsense"])).0, Some(2));
}
