"""Official documents on paper (NĐ 30/2020/NĐ-CP Phụ lục I) and spreadsheets, from plain values; knows no feature.

Documents are never translated: they are Vietnamese whatever language the page has that asks for them.
"""
