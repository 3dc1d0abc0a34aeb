"""Deeds on attempts, one file per verb: prepare, sign_in, transfer, void, seal, mark."""
