"""Results (kết quả): the result list of a marked sitting, kept as it was when it was made.

Words: *result list* danh sách kết quả.
Invariants: only a marked sitting has a list; a rehearsal never has one.
"""
