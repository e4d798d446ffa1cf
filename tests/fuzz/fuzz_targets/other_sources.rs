//! Fuzzes `speir_tests::fuzz::other_sources`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| speir_tests::fuzz::other_sources(bytes));
