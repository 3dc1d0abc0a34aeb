"""Question bank (ngân hàng câu hỏi): subjects, topics, questions with immutable versions, imports.

Words: *question* (an identity with a code), *version* (its immutable text), *import* (a file read, previewed, applied).
Invariants: a version never changes; content and key are stored apart; every row of a file is accepted or refused by
name.
"""
