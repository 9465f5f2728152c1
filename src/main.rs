//! The program: natively the command line, in the browser nothing (the page calls the library's exports).

// Without a mention of the library the linker would leave it, and so its exports, out of the browser's file.
#[cfg(target_arch = "wasm32")]
use web_service_model as _;

fn main() {}
