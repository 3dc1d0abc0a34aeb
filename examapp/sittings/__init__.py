"""Sittings (ca thi): rooms and seats, freezing into a sealed package, opening with the public value.

Words: *sitting* ca thi, *freeze* đóng gói, *package* gói đề, *public value* số rút công khai, *opening* mở đề.
Invariants: states only go forward; one active package per sitting; one public value per package, never re-entered.
"""
