"""Accounts (tài khoản) of staff: sign-in with argon2id, lock-out, roles scoped to an exam, real sign-out.

Words: *account*, *role assignment*, *staff session* (an opaque token whose digest is stored).
Invariants: a disabled or locked account opens no session; a session ends at its absolute limit whatever happens.
"""
