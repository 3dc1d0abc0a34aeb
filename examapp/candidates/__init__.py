"""Candidates (thí sinh) of an exam: their number (số báo danh), name and admission code.

Words: *candidate number* SBD, *admission code* mã dự thi, *issue* how often the code was issued anew, *slip* phiếu báo
dự thi.
Invariants: numbers of an exam ascend without a gap and are given to nobody else while the list stands; an admission
code is computed, never stored; a list that takes another one's place has codes of a later issue.
"""
