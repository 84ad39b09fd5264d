//! A temporary place: a folder to work in, an empty home, a fixed clock and nothing of the caller's
//! environment.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// The moment at which every test happens.
pub const NOW: &str = "2026-11-22T09:00:00+08:00";

/// How long one command may take before the test fails: a hang must not hold up the whole run.
const PATIENCE: Duration = Duration::from_secs(300);

/// Where this workspace's fixtures lie.
pub fn fixtures() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors()
        .nth(2)
        .expect("the crate lies two folders below the root")
        .join("fixtures")
}

/// The folder of the workspace's binaries: that above the test executable's.
fn binaries() -> PathBuf {
    let test = std::env::current_exe().expect("the test executable has a path");
    let mut folder = test
        .parent()
        .expect("the test executable lies in a folder")
        .to_owned();
    if folder.ends_with("deps") || folder.ends_with("examples") {
        folder.pop();
    }
    folder
}

/// The path of a tool's binary.
///
/// # Panics
/// If it has not been built. `cargo test --workspace` builds every tool, `cargo test -p` only its own.
pub fn tool_path(tool: &str) -> PathBuf {
    let path = binaries().join(tool);
    assert!(
        path.is_file(),
        "{} is not built: run `cargo build --workspace` first",
        path.display()
    );
    path
}

/// A folder to work in, gone when dropped.
pub struct Place {
    root: TempDir,
}

impl Place {
    /// Makes an empty place.
    pub fn new() -> Self {
        let root = tempfile::Builder::new()
            .prefix("brokerkit-")
            .tempdir()
            .expect("a temporary folder can be made");
        for folder in ["work", "home", "tmp"] {
            std::fs::create_dir(root.path().join(folder)).expect("the place is empty");
        }
        Place { root }
    }

    /// The working folder: relative paths start here.
    pub fn path(&self) -> PathBuf {
        self.root.path().join("work")
    }

    /// The home folder of whoever runs the tools.
    pub fn home(&self) -> PathBuf {
        self.root.path().join("home")
    }

    /// The path of a file in the working folder.
    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file into the working folder, with the folders on its way.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.file(name);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder"))
            .expect("the place is ours");
        std::fs::write(&path, bytes).unwrap_or_else(|error| panic!("cannot write {name}: {error}"));
        path
    }

    /// Copies a fixture into the working folder under its own name.
    pub fn fixture(&self, name: &str) -> PathBuf {
        let from = fixtures().join(name);
        let bytes = std::fs::read(&from)
            .unwrap_or_else(|error| panic!("cannot read {}: {error}", from.display()));
        self.write(
            Path::new(name)
                .file_name()
                .and_then(OsStr::to_str)
                .expect("a fixture has a name"),
            bytes,
        )
    }

    /// Reads a file of the working folder as text.
    pub fn read(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).unwrap_or_else(|_| panic!("{name} is not UTF-8"))
    }

    /// Reads a file of the working folder.
    pub fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.file(name)).unwrap_or_else(|error| panic!("cannot read {name}: {error}"))
    }

    /// The lines of an NDJSON file of the working folder.
    pub fn records(&self, name: &str) -> Vec<Value> {
        parse_records(&self.read(name))
    }

    /// A tool, ready to be given arguments and run.
    pub fn command(&self, tool: &str) -> Command {
        self.prepare(Command::new(tool_path(tool)))
    }

    /// Runs a tool to its end with no standard input.
    pub fn run<S: AsRef<OsStr>>(&self, tool: &str, args: &[S]) -> Ran {
        let mut command = self.command(tool);
        command.args(args);
        self.wait(command, b"")
    }

    /// Runs a tool to its end and feeds it.
    pub fn feed<S: AsRef<OsStr>>(&self, tool: &str, args: &[S], input: impl AsRef<[u8]>) -> Ran {
        let mut command = self.command(tool);
        command.args(args);
        self.wait(command, input.as_ref())
    }

    /// Runs a command line in `bash` with the tools in its path. A pipeline has failed when any part of
    /// it has.
    pub fn shell(&self, line: &str) -> Ran {
        let mut command = self.prepare(Command::new("bash"));
        command.args([
            "--noprofile",
            "--norc",
            "-c",
            &format!("set -o pipefail\n{line}"),
        ]);
        let mut ran = self.wait(command, b"");
        ran.command = line.to_owned();
        ran
    }

    /// Starts a tool and leaves it running. Its standard input stays open until [`Running::finish`].
    pub fn start<S: AsRef<OsStr>>(&self, tool: &str, args: &[S]) -> Running {
        let mut command = self.command(tool);
        command.args(args);
        let described = describe(&command);
        let child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {described}: {error}"));
        Running {
            command: described,
            child,
        }
    }

    /// Replaces what differs from run to run and machine to machine: paths.
    pub fn normalise(&self, text: &str) -> String {
        text.replace(&*self.path().to_string_lossy(), "[PLACE]")
            .replace(&*self.root.path().to_string_lossy(), "[ROOT]")
            .replace(&*fixtures().to_string_lossy(), "[FIXTURES]")
    }

    /// Gives a command the place's environment.
    pub fn prepare(&self, mut command: Command) -> Command {
        let home = self.home();
        command
            .current_dir(self.path())
            .env_clear()
            .env("HOME", &home)
            .env("XDG_CONFIG_HOME", home.join("config"))
            .env("XDG_DATA_HOME", home.join("data"))
            .env("XDG_STATE_HOME", home.join("state"))
            .env("XDG_CACHE_HOME", home.join("cache"))
            .env("TMPDIR", self.root.path().join("tmp"))
            .env("USER", "tester")
            .env("LOGNAME", "tester")
            .env(
                "PATH",
                format!("{}:/usr/local/bin:/usr/bin:/bin", binaries().display()),
            )
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .env("NO_COLOR", "1")
            .env("COLUMNS", "100")
            .env("FIXTURES", fixtures())
            .env("BROKERKIT_NOW", NOW);
        command
    }

    fn wait(&self, mut command: Command, input: &[u8]) -> Ran {
        let described = describe(&command);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.stdin(if input.is_empty() {
            Stdio::null()
        } else {
            Stdio::piped()
        });
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {described}: {error}"));
        let writer = child.stdin.take().map(|mut pipe| {
            let input = input.to_vec();
            // The tool may leave before it has read everything: not this thread's business.
            std::thread::spawn(move || drop(pipe.write_all(&input)))
        });
        let ran = Running {
            command: described,
            child,
        }
        .finish();
        if let Some(writer) = writer {
            let _ = writer.join();
        }
        ran
    }
}

impl Default for Place {
    fn default() -> Self {
        Self::new()
    }
}

/// A tool that has been started.
pub struct Running {
    command: String,
    child: Child,
}

impl Running {
    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Writes to the tool's standard input and leaves it open.
    pub fn write(&mut self, bytes: &[u8]) {
        let pipe = self.child.stdin.as_mut().expect("the input is still open");
        pipe.write_all(bytes)
            .and_then(|()| pipe.flush())
            .expect("the tool still reads");
    }

    /// Sends a signal by its name: `INT`, `TERM`, `KILL`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("bash")
            .arg("-c")
            .arg(format!("kill -{name} {}", self.id()))
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "cannot send {name} to {}",
            self.command
        );
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(Some(_)))
    }

    /// Closes its input, waits for its end and returns what it printed.
    ///
    /// # Panics
    /// If it does not end within five minutes; it is killed first.
    pub fn finish(mut self) -> Ran {
        drop(self.child.stdin.take());
        let id = self.id();
        let command = self.command.clone();
        let (sender, receiver) = std::sync::mpsc::channel();
        let started = Instant::now();
        std::thread::spawn(move || sender.send(self.child.wait_with_output()));
        match receiver.recv_timeout(PATIENCE) {
            Ok(Ok(output)) => Ran::new(command, output, started.elapsed()),
            Ok(Err(error)) => panic!("cannot wait for {command}: {error}"),
            Err(_) => {
                let _ = Command::new("bash")
                    .arg("-c")
                    .arg(format!("kill -KILL {id}"))
                    .status();
                panic!("{command} did not end within {} s", PATIENCE.as_secs());
            }
        }
    }
}

/// What a command did.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The command, as a person would type it.
    pub command: String,
    /// Exit code; 128 + n where signal n ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
    /// How long it took.
    pub took: Duration,
}

impl Ran {
    fn new(command: String, output: Output, took: Duration) -> Self {
        Ran {
            command,
            code: exit_code(output.status),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            took,
        }
    }

    /// Fails the test unless the command ended with this code.
    #[track_caller]
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "exit code of {self}");
        self.no_panic()
    }

    /// Fails the test unless the command succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        self.code(0)
    }

    /// Fails the test if a panic shows through.
    #[track_caller]
    pub fn no_panic(self) -> Self {
        let panicked =
            self.stderr.contains("panicked at") || self.stderr.contains("RUST_BACKTRACE");
        assert!(!panicked, "a panic in {self}");
        self
    }

    /// Fails the test unless standard error contains this text.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(
            self.stderr.contains(text),
            "expected {text:?} on standard error of {self}"
        );
        self
    }

    /// Fails the test unless the error is one `TOOL: error: …` line, with hints and causes beside it at most.
    #[track_caller]
    pub fn one_error(self) -> Self {
        let errors = self
            .stderr
            .lines()
            .filter(|line| line.contains(": error: "))
            .count();
        assert_eq!(errors, 1, "expected one error line from {self}");
        self
    }

    /// The records on standard output, one JSON object a line.
    #[track_caller]
    pub fn records(&self) -> Vec<Value> {
        parse_records(&self.stdout)
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A failed test prints this: enough to see what happened, not the whole of a large output.
        writeln!(f, "`{}`, which ended with {}", self.command, self.code)?;
        writeln!(f, "-- standard output:\n{}", shorten(&self.stdout))?;
        writeln!(f, "-- standard error:\n{}", shorten(&self.stderr))
    }
}

fn shorten(text: &str) -> String {
    const LINES: usize = 40;
    let count = text.lines().count();
    if count <= LINES {
        return text.to_owned();
    }
    let head: Vec<&str> = text.lines().take(LINES).collect();
    format!("{}\n… and {} more lines", head.join("\n"), count - LINES)
}

#[track_caller]
fn parse_records(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("not JSON ({error}): {line}"))
        })
        .collect()
}

fn exit_code(status: ExitStatus) -> i32 {
    use std::os::unix::process::ExitStatusExt;
    status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(-1)
}

fn describe(command: &Command) -> String {
    let name = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let args = command.get_args().map(|arg| arg.to_string_lossy());
    std::iter::once(name.into())
        .chain(args)
        .collect::<Vec<_>>()
        .join(" ")
}
