//! Fuzzes `speir_tests::fuzz::other_input`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| speir_tests::fuzz::other_input(bytes));
