"""Identifiers that sort by the time they were made (UUID version 7, RFC 9562), so that indexes stay dense.

Made here and not by the server: `uuidv7()` needs PostgreSQL 18, and we promise 14.
"""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """Return a fresh UUID version 7: 48 bits of milliseconds, 74 random bits."""
    millis = time.time_ns() // 1_000_000
    random_bits = int.from_bytes(secrets.token_bytes(10), "big")
    value = millis << 80 | random_bits
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
