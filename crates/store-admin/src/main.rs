//! `store-admin`: parse arguments, call the library, turn the result into an exit code.

fn main() -> std::process::ExitCode {
    cli::main::<store_admin::Args>(store_admin::run)
}
