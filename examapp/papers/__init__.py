"""Papers (đề thi): the blueprint (ma trận đề) of a test and the pool it draws from.

Words: *blueprint* ma trận đề, *cell* topic × level × count, *stock* what the bank holds for a cell.
Invariants: a locked blueprint never changes; it cannot be locked while the bank holds less than the law's ratio.
"""
