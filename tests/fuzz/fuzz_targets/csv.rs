//! Fuzzes `speir_tests::fuzz::csv`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| speir_tests::fuzz::csv(bytes));
