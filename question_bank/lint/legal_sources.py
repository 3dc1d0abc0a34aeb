"""Repealed Vietnamese legal documents that questions still cite: when each ended and what took its place.

A document stands here only when its repeal as a whole is certain; one of which a part lives on does not. Every row
names the document that ended it, whose clause on effect is the source. It is no complete register of the law.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

__all__ = ["REPEALED", "Repealed", "abbreviations", "successors"]

_CLAUSE = "điều khoản thi hành"
_DECREE_170 = "Nghị định 170/2025/NĐ-CP, Điều 71 khoản 2"


@dataclass(frozen=True)
class Repealed:
    """A document that is no longer in force."""

    #: Number, year and the mark of who issued it.
    number: str
    title: str
    #: First day in force, None where that is not certain; and the first day on which it no longer is.
    in_force_from: date | None
    repealed_on: date
    #: The numbers of what took its place.
    replaced_by: tuple[str, ...]
    #: Where the repeal stands.
    source: str

    @property
    def adopted(self) -> str:
        """Return the year by which people call it ("Luật Đất đai 2013")."""
        return self.number.split("/")[1]

    @property
    def name(self) -> str:
        """Return title and number as they stand in a sentence."""
        return f"{self.title} số {self.number}" if self.number[0].isdigit() else self.title


def _row(line: str, source: str = "") -> Repealed:
    number, title, first, end, *successors = (part.strip() for part in line.split("|"))
    return Repealed(
        number,
        title,
        date.fromisoformat(first) if first else None,
        date.fromisoformat(end),
        tuple(successors),
        source or f"{successors[0]}, {_CLAUSE}",
    )


_LAWS = """
22/2008/QH12 | Luật Cán bộ, công chức | 2010-01-01 | 2025-07-01 | 80/2025/QH15
58/2010/QH12 | Luật Viên chức | 2012-01-01 | 2026-07-01 | 129/2025/QH15
32/2001/QH10 | Luật Tổ chức Chính phủ | 2002-01-07 | 2016-01-01 | 76/2015/QH13
76/2015/QH13 | Luật Tổ chức Chính phủ | 2016-01-01 | 2025-03-01 | 63/2025/QH15
30/2001/QH10 | Luật Tổ chức Quốc hội | | 2016-01-01 | 57/2014/QH13
11/2003/QH11 | Luật Tổ chức Hội đồng nhân dân và Ủy ban nhân dân | 2003-12-10 | 2016-01-01 | 77/2015/QH13
77/2015/QH13 | Luật Tổ chức chính quyền địa phương | 2016-01-01 | 2025-03-01 | 65/2025/QH15
65/2025/QH15 | Luật Tổ chức chính quyền địa phương | 2025-03-01 | 2025-06-16 | 72/2025/QH15
17/2008/QH12 | Luật Ban hành văn bản quy phạm pháp luật | 2009-01-01 | 2016-07-01 | 80/2015/QH13
80/2015/QH13 | Luật Ban hành văn bản quy phạm pháp luật | 2016-07-01 | 2025-04-01 | 64/2025/QH15
55/2005/QH11 | Luật Phòng, chống tham nhũng | 2006-06-01 | 2019-07-01 | 36/2018/QH14
09/1998/QH10 | Luật Khiếu nại, tố cáo | 1999-01-01 | 2012-07-01 | 02/2011/QH13 | 03/2011/QH13
03/2011/QH13 | Luật Tố cáo | 2012-07-01 | 2019-01-01 | 25/2018/QH14
22/2004/QH11 | Luật Thanh tra | 2004-10-01 | 2011-07-01 | 56/2010/QH12
56/2010/QH12 | Luật Thanh tra | 2011-07-01 | 2023-07-01 | 11/2022/QH15
11/2022/QH15 | Luật Thanh tra | 2023-07-01 | 2025-07-01 | 84/2025/QH15
13/2003/QH11 | Luật Đất đai | 2004-07-01 | 2014-07-01 | 45/2013/QH13
45/2013/QH13 | Luật Đất đai | 2014-07-01 | 2024-08-01 | 31/2024/QH15
65/2014/QH13 | Luật Nhà ở | 2015-07-01 | 2024-08-01 | 27/2023/QH15
66/2014/QH13 | Luật Kinh doanh bất động sản | 2015-07-01 | 2024-08-01 | 29/2023/QH15
10/2012/QH13 | Bộ luật Lao động | 2013-05-01 | 2021-01-01 | 45/2019/QH14
33/2005/QH11 | Bộ luật Dân sự | 2006-01-01 | 2017-01-01 | 91/2015/QH13
15/1999/QH10 | Bộ luật Hình sự | 2000-07-01 | 2018-01-01 | 100/2015/QH13
19/2003/QH11 | Bộ luật Tố tụng hình sự | 2004-07-01 | 2018-01-01 | 101/2015/QH13
24/2004/QH11 | Bộ luật Tố tụng dân sự | 2005-01-01 | 2017-01-01 | 92/2015/QH13
64/2010/QH12 | Luật Tố tụng hành chính | 2011-07-01 | 2017-01-01 | 93/2015/QH13
60/2005/QH11 | Luật Doanh nghiệp | 2006-07-01 | 2015-07-01 | 68/2014/QH13
68/2014/QH13 | Luật Doanh nghiệp | 2015-07-01 | 2021-01-01 | 59/2020/QH14
01/2002/QH11 | Luật Ngân sách nhà nước | 2004-01-01 | 2017-01-01 | 83/2015/QH13
83/2015/QH13 | Luật Ngân sách nhà nước | 2017-01-01 | 2026-01-01 | 89/2025/QH15
03/2003/QH11 | Luật Kế toán | 2004-01-01 | 2017-01-01 | 88/2015/QH13
71/2006/QH11 | Luật Bảo hiểm xã hội | 2007-01-01 | 2016-01-01 | 58/2014/QH13
58/2014/QH13 | Luật Bảo hiểm xã hội | 2016-01-01 | 2025-07-01 | 41/2024/QH15
59/2014/QH13 | Luật Căn cước công dân | 2016-01-01 | 2024-07-01 | 26/2023/QH15
81/2006/QH11 | Luật Cư trú | 2007-07-01 | 2021-07-01 | 68/2020/QH14
52/2005/QH11 | Luật Bảo vệ môi trường | 2006-07-01 | 2015-01-01 | 55/2014/QH13
55/2014/QH13 | Luật Bảo vệ môi trường | 2015-01-01 | 2022-01-01 | 72/2020/QH14
01/2011/QH13 | Luật Lưu trữ | 2012-07-01 | 2025-07-01 | 33/2024/QH15
29/2018/QH14 | Luật Bảo vệ bí mật nhà nước | 2020-07-01 | 2026-03-01 | 117/2025/QH15
15/2003/QH11 | Luật Thi đua, khen thưởng | 2004-07-01 | 2024-01-01 | 06/2022/QH15
61/2005/QH11 | Luật Đấu thầu | 2006-04-01 | 2014-07-01 | 43/2013/QH13
43/2013/QH13 | Luật Đấu thầu | 2014-07-01 | 2024-01-01 | 22/2023/QH15
49/2014/QH13 | Luật Đầu tư công | 2015-01-01 | 2020-01-01 | 39/2019/QH14
39/2019/QH14 | Luật Đầu tư công | 2020-01-01 | 2025-01-01 | 58/2024/QH15
38/2005/QH11 | Luật Giáo dục | 2006-01-01 | 2020-07-01 | 43/2019/QH14
53/2014/QH13 | Luật Công chứng | 2015-01-01 | 2025-07-01 | 46/2024/QH15
24/2018/QH14 | Luật An ninh mạng | 2019-01-01 | 2026-07-01 | 116/2025/QH15
86/2015/QH13 | Luật An toàn thông tin mạng | 2016-07-01 | 2026-07-01 | 116/2025/QH15
38/2013/QH13 | Luật Việc làm | 2015-01-01 | 2026-01-01 | 74/2025/QH15
22/2000/QH10 | Luật Hôn nhân và gia đình | 2001-01-01 | 2015-01-01 | 52/2014/QH13
51/2005/QH11 | Luật Giao dịch điện tử | 2006-03-01 | 2024-07-01 | 20/2023/QH15
09/2008/QH12 | Luật Quản lý, sử dụng tài sản nhà nước | 2009-01-01 | 2018-01-01 | 15/2017/QH14
"""
_DECREES = """
24/2010/NĐ-CP | Nghị định | 2010-05-01 | 2020-12-01 | 138/2020/NĐ-CP
29/2012/NĐ-CP | Nghị định | 2012-06-01 | 2020-09-29 | 115/2020/NĐ-CP
36/2013/NĐ-CP | Nghị định | | 2020-07-20 | 62/2020/NĐ-CP | 361/2025/NĐ-CP
56/2015/NĐ-CP | Nghị định | 2015-08-01 | 2020-08-20 | 90/2020/NĐ-CP
110/2004/NĐ-CP | Nghị định | | 2020-03-05 | 30/2020/NĐ-CP
16/2015/NĐ-CP | Nghị định | 2015-04-06 | 2021-08-15 | 60/2021/NĐ-CP
13/2023/NĐ-CP | Nghị định | 2023-07-01 | 2026-01-01 | 356/2025/NĐ-CP
6/2020/TT-BNV | Thông tư | 2021-01-20 | 2025-05-01 | 001/2025/TT-BNV | 22/2025/TT-BNV
115/2020/NĐ-CP | Nghị định | 2020-09-29 | 2026-07-01 | 259/2026/NĐ-CP
85/2023/NĐ-CP | Nghị định | | 2026-07-01 | 259/2026/NĐ-CP
90/2020/NĐ-CP | Nghị định | 2020-08-20 | 2026-07-01 | 233/2026/NĐ-CP | 335/2025/NĐ-CP
112/2020/NĐ-CP | Nghị định | 2020-09-20 | 2026-07-01 | 234/2026/NĐ-CP | 172/2025/NĐ-CP
107/2017/TT-BTC | Thông tư | 2017-11-24 | 2025-01-01 | 24/2024/TT-BTC
"""
#: Ended together by the decree of 30 June 2025 on civil servants, read in full.
_BY_DECREE_170 = """
06/2010/NĐ-CP | Nghị định | | 2025-07-01 | 170/2025/NĐ-CP | điểm a
46/2010/NĐ-CP | Nghị định | | 2025-07-01 | 170/2025/NĐ-CP | điểm b
138/2020/NĐ-CP | Nghị định | 2020-12-01 | 2025-07-01 | 170/2025/NĐ-CP | điểm c
06/2023/NĐ-CP | Nghị định | 2023-04-10 | 2025-07-01 | 170/2025/NĐ-CP | điểm d
116/2024/NĐ-CP | Nghị định | 2024-09-17 | 2025-07-01 | 170/2025/NĐ-CP | điểm đ
"""


def _lines(table: str) -> Iterator[str]:
    yield from table.strip().splitlines()


REPEALED: tuple[Repealed, ...] = (
    Repealed(
        "Hiến pháp/1992",
        "Hiến pháp năm 1992",
        None,
        date(2014, 1, 1),
        ("Hiến pháp năm 2013",),
        "Nghị quyết 64/2013/QH13",
    ),
    *map(_row, _lines(_LAWS)),
    *map(_row, _lines(_DECREES)),
    *(
        _row(line.rpartition("|")[0], f"{_DECREE_170} {line.rpartition('|')[2].strip()}")
        for line in _lines(_BY_DECREE_170)
    ),
)

#: What civil servants write for parts of titles, in lower case without marks and punctuation.
abbreviations: Mapping[str, str] = {
    "can bo cong chuc": "cbcc",
    "vien chuc": "vc",
    "to chuc chinh quyen dia phuong": "tccqdp",
    "van ban quy pham phap luat": "vbqppl",
    "phong chong tham nhung": "pctn",
    "ngan sach nha nuoc": "nsnn",
    "bao hiem xa hoi": "bhxh",
    "bao ve moi truong": "bvmt",
    "bao ve bi mat nha nuoc": "bvbmnn",
    "to tung hinh su": "tths",
    "to tung dan su": "ttds",
    "hon nhan va gia dinh": "hngd",
}


def successors(document: Repealed, today: date) -> tuple[str, ...]:
    """Return what took a document's place, with its kind, passing over successors that have ended by today."""
    found: list[str] = []
    for number in document.replaced_by:
        later = _BY_NUMBER.get(number)
        found += successors(later, today) if later is not None and later.repealed_on <= today else [_named(number)]
    return tuple(dict.fromkeys(found))


def _named(number: str) -> str:
    kinds = {"/QH": "Luật số", "/NĐ-CP": "Nghị định số", "/TT-": "Thông tư số"}
    kind = next((kind for mark, kind in kinds.items() if mark in number), "")
    kind = "Bộ luật số" if number in _CODES else kind
    return f"{kind} {number}".strip()


_CODES = frozenset(
    number for document in REPEALED if document.title.startswith("Bộ luật") for number in document.replaced_by
)
_BY_NUMBER = {document.number: document for document in REPEALED}
