"""Audit (nhật ký): append-only, hash-chained events of every deed, one chain per scope.

Words: *scope* (system, exam:<id>, sitting:<id>), *event*, *details* (salted, erasable), *head* (last hash of a chain).
Invariants: numbers of a scope have no gap; each event names the hash of the one before; rows are never changed.
"""
