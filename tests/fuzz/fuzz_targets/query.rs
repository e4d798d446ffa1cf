//! Fuzzes `speir_tests::fuzz::query`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| speir_tests::fuzz::query(bytes));
