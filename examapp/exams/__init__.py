"""Exams (kỳ thi): an exam on a regulation profile, and its tests (bài thi).

Words: *exam* kỳ thi, *exam test* bài thi, *profile* the regulation as data.
Invariants: an exam pins its profile's text; a later change of a file never changes a held exam.
"""
