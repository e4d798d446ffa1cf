//! Fuzzes `speir_tests::fuzz::pdf`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| speir_tests::fuzz::pdf(bytes));
