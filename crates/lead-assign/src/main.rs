//! `lead-assign`: parse arguments, call the library, turn the result into an exit code.

fn main() -> std::process::ExitCode {
    cli::main(lead_assign::run)
}
