"""The demonstration (`examapp demo`): invented questions, people and sittings, made by the product's own services.

It stands to the right of every feature, beside `cli.py` and `wiring.py`; no feature imports it. Everything is safe to
make again: what exists is kept, only what must lie in the future is made anew.
"""
