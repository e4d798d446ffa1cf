//! Fuzzes `speir_tests::fuzz::office`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| speir_tests::fuzz::office(bytes));
