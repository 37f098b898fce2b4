//! Whatever a workspace says, its forecast ends, takes no more than it may, and makes sense.

mod hostile;

use groma_testing::Dice;

/// How many workspaces are tried: the fuzz target `simulate` tries more.
const TRIED: u64 = 200;

/// So many bytes choose a workspace.
const CHOICES: usize = 96;

/// Bytes by chance: the same seed, the same bytes.
fn bytes(seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed);
    (0..CHOICES / 8).flat_map(|_| dice.bits().to_le_bytes()).collect()
}

#[test]
fn what_is_changed_was_good() {
    for text in hostile::seeds() {
        assert!(hostile::judged(&text).is_some(), "{text}");
    }
}

#[test]
fn hostile_workspaces_are_forecast_within_bounds() {
    let mut forecast = 0;
    for seed in 0..TRIED {
        forecast += u64::from(hostile::judged(&hostile::workspace(&bytes(seed))).is_some());
    }
    assert!(forecast * 5 > TRIED, "of {TRIED} only {forecast} pass the gate");
}
