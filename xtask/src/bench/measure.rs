//! What a command costs: CPU, wall, peak memory.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The cost of one command.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    /// User and system time together, in seconds.
    pub(super) cpu: f64,
    /// Seconds from start to end.
    pub(super) wall: f64,
    /// Peak resident memory in MiB.
    pub(super) peak: f64,
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:.2} s CPU ({:.2} s, {:.0} MiB)",
            self.cpu, self.wall, self.peak
        )
    }
}

/// Runs a command to its end. Its standard output is thrown away.
pub(super) fn measure(mut command: Command) -> Result<Cost> {
    let started = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot run {}", command.get_program().display()))?;
    let (status, usage) = wait(child.id())?;
    let wall = started.elapsed().as_secs_f64();
    if status != 0 {
        bail!("{command:?} ended with status {status:#x}");
    }
    let seconds = |time: libc::timeval| {
        Duration::from_secs(time.tv_sec as u64).as_secs_f64() + time.tv_usec as f64 / 1e6
    };
    Ok(Cost {
        cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        wall,
        // Kilobytes on Linux.
        peak: usage.ru_maxrss as f64 / 1024.0,
    })
}

/// Waits for a child and returns its status and what it used: the standard library does not tell.
#[allow(unsafe_code)]
fn wait(id: u32) -> Result<(libc::c_int, libc::rusage)> {
    let mut status = 0;
    // SAFETY: both pointers are to live locals of the right types; a zeroed rusage is a valid one; the
    // child is ours and is waited for nowhere else.
    unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        if libc::wait4(id as libc::pid_t, &raw mut status, 0, &raw mut usage) < 0 {
            return Err(std::io::Error::last_os_error()).context("cannot wait for the command");
        }
        Ok((status, usage))
    }
}
