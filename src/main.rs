//! The program: natively the command line, in the browser nothing (the page calls the library's exports).

// Without a mention of the library the linker would leave it, and so its exports, out of the browser's file.
#[cfg(target_arch = "wasm32")]
use web_service_model as _;

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    web_service_model::cli::main()
}
