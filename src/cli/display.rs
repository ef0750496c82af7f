//! Opening the window where that may not be possible.

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Arc;

use crate::gui::window::WindowStart;

/// Opens the window and returns when it is closed, or says in a few words why there is none.
///
/// A library that windows need and that is not installed is found out by winit in the middle of its work, where it
/// can only panic: such a panic is an answer like any other.
pub fn attempt(open: fn(WindowStart) -> Result<(), String>, start: WindowStart) -> Result<(), String> {
    let usual = Arc::new(panic::take_hook());
    let others = Arc::clone(&usual);
    panic::set_hook(Box::new(move |info: &PanicHookInfo| {
        if message(info.payload()).and_then(missing_library).is_none() {
            others(info);
        }
    }));
    let done = panic::catch_unwind(AssertUnwindSafe(|| open(start)));
    panic::set_hook(Box::new(move |info| usual(info)));
    match done {
        Ok(done) => done.map_err(|why| in_short(&why)),
        Err(payload) => match message(&*payload).and_then(missing_library) {
            Some(library) => Err(format!("the library {library} is missing")),
            None => panic::resume_unwind(payload),
        },
    }
}

fn message(payload: &(dyn std::any::Any + Send)) -> Option<&str> {
    payload.downcast_ref::<String>().map(String::as_str).or_else(|| payload.downcast_ref::<&str>().copied())
}

/// The library that a panic says could not be loaded.
fn missing_library(message: &str) -> Option<&str> {
    let mut words = message.split_whitespace().map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()));
    words.find(|w| w.starts_with("lib") && w.contains(".so"))
}

/// The error of the window system on one line, without the place in its source where it came up.
fn in_short(why: &str) -> String {
    if why.contains("DISPLAY") {
        return "there is no display".to_owned();
    }
    let said = match why.split_once("os error at ") {
        Some((_, place)) => place.split_once(": ").map_or(place, |(_, said)| said),
        None => why,
    };
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> WindowStart {
        let settings = crate::train::Settings::default();
        WindowStart { settings, file: None, at: None, run: None, workspace: None, lesson: None }
    }

    fn open_without_library(_: WindowStart) -> Result<(), String> {
        panic!("Library libxkbcommon-x11.so could not be loaded.")
    }

    #[test]
    fn a_missing_library_is_named() {
        let why = attempt(open_without_library, start()).unwrap_err();
        assert_eq!(why, "the library libxkbcommon-x11.so is missing");
        assert_eq!(missing_library("index out of bounds: the len is 3"), None);
    }

    #[test]
    fn an_error_is_one_line() {
        let why = attempt(|_| Err("no GL\n  context".into()), start()).unwrap_err();
        assert_eq!(why, "no GL context");
        let why = "winit EventLoopError: os error at src/linux/mod.rs:788: Failed to open connection to X server";
        assert_eq!(in_short(why), "Failed to open connection to X server");
        assert_eq!(attempt(|_| Ok(()), start()), Ok(()));
    }
}
