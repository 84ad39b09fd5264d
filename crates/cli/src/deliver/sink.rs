//! Where bytes go: standard output, a file that appears whole or not at all, or something that is
//! written straight (a named pipe, a device).

use std::fs::{File, OpenOptions, Permissions};
use std::io::Write;
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::failure::Failure;

/// Where bytes go.
#[derive(Debug)]
pub struct Sink {
    target: Target,
}

#[derive(Debug)]
enum Target {
    Null,
    Stdout(File),
    Straight(File, PathBuf),
    Whole(NamedTempFile, PathBuf),
}

impl Sink {
    /// Standard output, without the line buffer that the standard library puts before it.
    pub fn stdout() -> Result<Self, Failure> {
        let stdout = std::io::stdout();
        let fd = stdout
            .as_fd()
            .try_clone_to_owned()
            .map_err(|error| Failure::failed("cannot write standard output").because(error))?;
        Ok(Sink {
            target: Target::Stdout(File::from(fd)),
        })
    }

    /// A file; nobody but its owner may read it if it is `private`. What is there already stays
    /// until [`Sink::finish`].
    pub fn file(path: &Path, private: bool) -> Result<Self, Failure> {
        let cannot =
            |error| Failure::failed(format!("cannot write `{}`", path.display())).because(error);
        let found = std::fs::metadata(path).ok();
        if let Some(found) = &found {
            if found.is_dir() {
                return Err(Failure::usage(format!(
                    "cannot write `{}`: it is a folder",
                    path.display()
                )));
            }
            if !found.is_file() {
                return Sink::straight(path, found.file_type().is_char_device()).map_err(cannot);
            }
        }
        crate::apart::spare_store(path)?;
        // a link stays a link, and what it points to is replaced
        let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let folder = match place.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".brokerkit-").suffix(".tmp");
        if !private {
            // the umask takes its share of this
            builder.permissions(Permissions::from_mode(0o666));
        }
        let temp = builder.tempfile_in(folder).map_err(cannot)?;
        if let Some(found) = found.filter(|_| !private) {
            let mode = Permissions::from_mode(found.permissions().mode() & 0o777);
            temp.as_file().set_permissions(mode).map_err(cannot)?;
        }
        Ok(Sink {
            target: Target::Whole(temp, place),
        })
    }

    fn straight(path: &Path, is_device: bool) -> std::io::Result<Self> {
        if is_device && is_null(path) {
            return Ok(Sink {
                target: Target::Null,
            });
        }
        let file = OpenOptions::new().write(true).open(path)?;
        Ok(Sink {
            target: Target::Straight(file, path.to_owned()),
        })
    }

    /// Whether whatever is written is lost.
    pub fn is_null(&self) -> bool {
        matches!(self.target, Target::Null)
    }

    /// The place as messages name it.
    pub fn name(&self) -> String {
        match &self.target {
            Target::Null => "/dev/null".to_owned(),
            Target::Stdout(_) => "standard output".to_owned(),
            Target::Straight(_, path) | Target::Whole(_, path) => format!("`{}`", path.display()),
        }
    }

    /// The file behind the sink: a file, not a `dyn Write`, so that the kernel can copy.
    pub(super) fn file_mut(&mut self) -> Option<&mut File> {
        match &mut self.target {
            Target::Null => None,
            Target::Stdout(file) | Target::Straight(file, _) => Some(file),
            Target::Whole(temp, _) => Some(temp.as_file_mut()),
        }
    }

    /// Gives a file its name, complete and on the disk.
    pub fn finish(self) -> std::io::Result<()> {
        if let Target::Whole(temp, place) = self.target {
            temp.as_file().sync_data()?;
            temp.persist(place).map_err(|error| error.error)?;
        }
        Ok(())
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.file_mut() {
            Some(file) => file.write(bytes),
            None => Ok(bytes.len()),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file_mut().map_or(Ok(()), File::flush)
    }
}

fn is_null(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| std::fs::metadata(path).map(|found| found.rdev()).ok();
    device(path).is_some() && device(path) == device(Path::new("/dev/null"))
}
