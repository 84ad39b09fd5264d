//! A throw-away PostgreSQL server, started from whatever the machine has installed.
//!
//! It listens on a socket in a folder of its own and on no network address, keeps nothing durable, and
//! is stopped and removed when the handle is dropped. PostgreSQL refuses to run as root, so under root
//! it runs as `postgres` or, where there is no such user, as `nobody`.

use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A running server.
pub struct Postgres {
    folder: TempDir,
    programs: Programs,
    account: Option<Account>,
}

/// Where the server's programs lie.
struct Programs {
    initdb: PathBuf,
    pg_ctl: PathBuf,
    psql: PathBuf,
}

/// The account the server runs under when the tests run as root.
struct Account {
    name: &'static str,
    uid: u32,
    gid: u32,
}

/// Starts a server, or says why there is none and returns nothing, so that a test can be skipped.
///
/// # Panics
/// If a server is installed and does not start: that is a failure, not a reason to skip.
pub fn start() -> Option<Postgres> {
    let Some(programs) = Programs::find() else {
        crate::skipped(
            "no PostgreSQL server is installed (no initdb in PATH or /usr/lib/postgresql)",
        );
        return None;
    };
    let folder = tempfile::Builder::new()
        .prefix("brokerkit-pg-")
        .tempdir()
        .expect("a temporary folder can be made");
    let root = folder.path().metadata().is_ok_and(|meta| meta.uid() == 0);
    let account = if root {
        let Some(account) = Account::find() else {
            crate::skipped(
                "PostgreSQL refuses to run as root, and there is no user postgres or nobody",
            );
            return None;
        };
        chown(folder.path(), Some(account.uid), Some(account.gid))
            .expect("root can give a folder away");
        Some(account)
    } else {
        None
    };
    let server = Postgres {
        folder,
        programs,
        account,
    };
    server.initialise();
    server.launch();
    Some(server)
}

impl Postgres {
    /// Runs SQL and returns what it prints: a row a line, columns separated by `|`. The first error ends
    /// it and is returned as the server words it.
    pub fn psql(&self, sql: &str) -> Result<String, String> {
        let mut child = Command::new(&self.programs.psql)
            .args([
                "--no-psqlrc",
                "--quiet",
                "--no-align",
                "--tuples-only",
                "--set=ON_ERROR_STOP=1",
            ])
            .args(["--username=postgres", "--dbname=postgres", "--file=-"])
            .arg(format!("--host={}", self.socket_folder().display()))
            .env_remove("PGOPTIONS")
            .env("PGCLIENTENCODING", "UTF8")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot run psql: {error}"))?;
        // psql may leave at the first error and close its input before it has read all of it.
        let mut input = child.stdin.take().expect("the input is piped");
        let sql = sql.to_owned();
        let writer = std::thread::spawn(move || input.write_all(sql.as_bytes()));
        let output = child
            .wait_with_output()
            .map_err(|error| format!("cannot wait for psql: {error}"))?;
        let _ = writer.join();
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr)
                .trim_end()
                .to_owned())
        }
    }

    /// Prepares one statement without running it, the way a driver would, and returns the server's
    /// complaint if it does not understand it. Parameters are written `$1`, `$2`, ….
    pub fn prepare(&self, sql: &str) -> Result<(), String> {
        let sql = sql.trim().trim_end_matches(';');
        self.psql(&format!(
            "PREPARE checked AS\n{sql}\n;\nDEALLOCATE checked;\n"
        ))
        .map(drop)
    }

    /// The address under which a client on this machine reaches the server.
    pub fn url(&self) -> String {
        format!(
            "postgres://postgres@/postgres?host={}",
            self.socket_folder().display()
        )
    }

    /// The folder of the server's socket.
    pub fn socket_folder(&self) -> &Path {
        self.folder.path()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn initialise(&self) {
        let output = self
            .server_command(&self.programs.initdb)
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
            ])
            .arg("--pgdata")
            .arg(self.data())
            .output();
        expect_success("initdb", output);
        // The socket's folder is open to whoever runs the tests; the data stay the server's own.
        std::fs::set_permissions(self.folder.path(), std::fs::Permissions::from_mode(0o755))
            .expect("the folder is ours");
    }

    fn launch(&self) {
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c fsync=off -c synchronous_commit=off \
             -c full_page_writes=off -c max_connections=10 -c shared_buffers=16MB",
            self.socket_folder().display()
        );
        // pg_ctl's own streams go nowhere: the server would keep them open after pg_ctl has left.
        let status = self
            .server_command(&self.programs.pg_ctl)
            .args(["start", "--wait", "--timeout=60", "--silent"])
            .arg("--pgdata")
            .arg(self.data())
            .arg("--log")
            .arg(self.folder.path().join("log"))
            .arg("--options")
            .arg(options)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !status.as_ref().is_ok_and(std::process::ExitStatus::success) {
            let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            panic!("pg_ctl start failed ({status:?}); the server's log says:\n{log}");
        }
    }

    /// A command of the server, run under the account that may run it.
    fn server_command(&self, program: &Path) -> Command {
        let mut command = match &self.account {
            None => Command::new(program),
            Some(account) => {
                let mut command = Command::new("setpriv");
                command
                    .arg(format!("--reuid={}", account.uid))
                    .arg(format!("--regid={}", account.gid))
                    .args(["--clear-groups", "--"])
                    .arg(program)
                    .env("USER", account.name)
                    .env("LOGNAME", account.name);
                command
            }
        };
        command
            .current_dir(self.folder.path())
            .env("LC_ALL", "C")
            .env("HOME", self.folder.path());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self
            .server_command(&self.programs.pg_ctl)
            .args([
                "stop",
                "--mode=immediate",
                "--wait",
                "--timeout=30",
                "--silent",
            ])
            .arg("--pgdata")
            .arg(self.data())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}

impl Programs {
    fn find() -> Option<Self> {
        let mut folders: Vec<PathBuf> = std::env::var_os("PATH")
            .map(|path| std::env::split_paths(&path).collect())
            .unwrap_or_default();
        // Debian keeps them apart by version; the newest is taken.
        let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .map(|entries| {
                entries
                    .flatten()
                    .map(|entry| entry.path().join("bin"))
                    .collect()
            })
            .unwrap_or_default();
        versions.sort();
        folders.extend(versions.into_iter().rev());
        folders.extend(["/usr/bin", "/usr/local/pgsql/bin"].map(PathBuf::from));
        // All of one version: what stands beside initdb, following links.
        let find = |name: &str| {
            folders
                .iter()
                .map(|folder| folder.join(name))
                .find(|path| path.is_file())
        };
        let initdb = find("initdb")?.canonicalize().ok()?;
        let beside = |name: &str| {
            let path = initdb.with_file_name(name);
            if path.is_file() {
                Some(path)
            } else {
                find(name)
            }
        };
        Some(Programs {
            pg_ctl: beside("pg_ctl")?,
            psql: beside("psql")?,
            initdb,
        })
    }
}

impl Account {
    fn find() -> Option<Self> {
        let users = std::fs::read_to_string("/etc/passwd").ok()?;
        ["postgres", "nobody"].into_iter().find_map(|name| {
            let line = users
                .lines()
                .find(|line| line.split(':').next() == Some(name))?;
            let mut cells = line.split(':').skip(2);
            let uid = cells.next()?.parse().ok()?;
            let gid = cells.next()?.parse().ok()?;
            Some(Account { name, uid, gid })
        })
    }
}

fn expect_success(what: &str, output: std::io::Result<Output>) {
    match output {
        Ok(output) if output.status.success() => {}
        Ok(output) => panic!(
            "{what} failed ({}):\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        ),
        Err(error) => panic!("cannot run {what}: {error}"),
    }
}
