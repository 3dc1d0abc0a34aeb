"""The ZIP around a package: four stored members in a fixed order, fixed dates, nothing else.

Writer and reader are ours because only one spelling is allowed: the reader walks the members, writes them again and
requires the same bytes, so no byte of the file is outside what is checked. Any unzip program opens the file.
"""

import struct
import zlib
from collections.abc import Mapping

from examapp.core.i18n import N_
from examapp.integrity.errors import PackageRefused

CORE = "core.json"
SIGNATURE = "core.sig"
PAPER = "paper.bin"
KEY = "key.bin"
#: The members in file order, with the largest size each may have.
MEMBERS: Mapping[str, int] = {CORE: 64 << 20, SIGNATURE: 4 << 10, PAPER: 256 << 20, KEY: 64 << 20}

_LOCAL = struct.Struct("<IHHHHHIIIHH")
_CENTRAL = struct.Struct("<IHHHHHHIIIHHHHHII")
_END = struct.Struct("<IHHHHIIH")
_VERSION = 20
_MADE_BY = 3 << 8 | _VERSION
_DATE = 1 << 5 | 1  # 1980-01-01, the first day the format knows
_MODE = 0o100600 << 16


def pack_members(members: Mapping[str, bytes]) -> bytes:
    """Return the package file; raise PackageRefused when a member is larger than a reader will accept."""
    body = bytearray()
    directory = bytearray()
    for name, limit in MEMBERS.items():
        data = members[name]
        if len(data) > limit:
            raise PackageRefused(
                "member_size",
                N_("Thành phần %(name)s của gói đề vượt quá %(limit)s byte."),
                name=name,
                limit=limit,
            )
        label = name.encode("ascii")
        common = (_VERSION, 0, 0, 0, _DATE, zlib.crc32(data), len(data), len(data), len(label), 0)
        offset = len(body)
        body += _LOCAL.pack(0x04034B50, *common) + label + data
        directory += _CENTRAL.pack(0x02014B50, _MADE_BY, *common, 0, 0, 0, _MODE, offset) + label
    end = _END.pack(0x06054B50, 0, 0, len(MEMBERS), len(MEMBERS), len(directory), len(body), 0)
    return bytes(body + directory + end)


def unpack_members(content: bytes) -> dict[str, bytes]:
    """Return the four members; raise PackageRefused unless the file is exactly what `pack_members` writes."""
    members: dict[str, bytes] = {}
    offset = 0
    for name, limit in MEMBERS.items():
        start = offset + _LOCAL.size + len(name)
        if start > len(content):
            raise _damaged()
        size = _LOCAL.unpack_from(content, offset)[8]
        if size > limit or start + size > len(content):
            raise _damaged()
        members[name] = content[start : start + size]
        offset = start + size
    if pack_members(members) != content:
        raise _damaged()
    return members


def _damaged() -> PackageRefused:
    return PackageRefused(
        "package_damaged", N_("Tệp gói đề hỏng hoặc đã bị thay đổi. Hãy chép lại gói từ thiết bị lưu trữ niêm phong.")
    )
