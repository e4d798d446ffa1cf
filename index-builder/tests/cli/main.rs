//! The command line, tested as people meet it: the real binary, in a folder of its own.
//!
//! These tests stand in this package and not in `tests/`, because Cargo names the path of a binary
//! only to the tests of the package that it belongs to.
//! Knows messages and exit codes word by word: they are what a web officer has to go by.

mod asides;
mod browse;
mod budget;
mod cache;
mod check;
mod config;
mod diff;
mod documents;
mod eval;
mod explain;
mod feeds;
mod folder;
mod follow;
mod html;
mod init;
mod keep;
mod killed;
mod messages;
// Not every kind of file that it writes is one of the command line's tests.
#[allow(dead_code)]
#[path = "../../src/document/pdf/writer.rs"]
mod pdf_writer;
mod promises;
mod report;
mod search;
mod serve;
mod settings;
mod sources;
mod support;
mod threads;
mod versions;
mod vocabulary;
mod watch;
