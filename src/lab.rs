//! The JavaScript interface to experiments and validation, a module of its own beside the page's. Empty but in a browser.

// Without a mention of the library the linker would leave it, and so its exports, out of the browser's file.
#[cfg(target_arch = "wasm32")]
use web_service_model as _;

fn main() {}
