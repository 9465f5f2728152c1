//! What happens after a bug: a panic leaves the module's memory in a state that nobody vouches for.
//!
//! The panic's message is recorded and thrown as an error with the code `crashed`, and from then on every call
//! throws it again. The page then loads the module anew.

use std::{cell::RefCell, panic, sync::Once};

use super::error::{Code, Result, WebServiceModelError, simple};

thread_local! {
    static MESSAGE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// What everything begins with that JavaScript can call first: panics are watched for, and nothing goes on after one.
pub fn begin() -> Result<()> {
    watch();
    check()
}

/// Sees to it that a panic is recorded and thrown; what handled panics before still hears of them.
fn watch() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            previous(info);
            let message = info.to_string();
            MESSAGE.with_borrow_mut(|recorded| *recorded = Some(message.clone()));
            // The program aborts on a panic, which JavaScript would see as "unreachable". Thrown from here, before
            // that, the error says what happened.
            wasm_bindgen::throw_val(error(&message).into())
        }));
    });
}

/// Fails if there was a panic.
pub fn check() -> Result<()> {
    match MESSAGE.with_borrow(Clone::clone) {
        Some(message) => Err(error(&message)),
        None => Ok(()),
    }
}

/// The error that callers get.
pub fn error(message: &str) -> WebServiceModelError {
    simple(Code::Crashed, &format!("the simulator crashed: {message}"))
}
