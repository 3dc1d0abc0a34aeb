"""Candidates (thí sinh) of an exam: their number (số báo danh), name and admission code.

Words: *candidate number* SBD, *admission code* mã dự thi, *issue* how often the code was issued anew.
Invariants: numbers of an exam ascend without a gap; an admission code is computed, never stored.
"""
