"""The law as data: profiles with the source of every number, and pure functions that score and time by them."""
