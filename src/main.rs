//! The program: natively the command line, in the browser nothing (the page calls the library's exports).

fn main() {}
