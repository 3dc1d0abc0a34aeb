"""Sittings (ca thi): rooms and seats, freezing into a sealed package, opening with the public value.

Words: *sitting* ca thi, *freeze* đóng gói, *package* gói đề, *public value* số rút công khai, *opening* mở đề.
Invariants: states only go forward, except that moving the moments of a frozen sitting makes it a draft again; one
active package per sitting, which binds the moments; one public value per package, never re-entered.
"""
