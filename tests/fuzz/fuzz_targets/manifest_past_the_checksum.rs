//! Fuzzes `speir_tests::fuzz::manifest_past_the_checksum`.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| speir_tests::fuzz::manifest_past_the_checksum(bytes));
