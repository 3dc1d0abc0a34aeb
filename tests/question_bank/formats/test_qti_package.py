"""QTI: what packages of other programs come to."""

import pytest

from question_bank.formats import qti
from question_bank.questions import (
    Metadata,
    Stimulus,
)
from tests.question_bank.formats.qti_files import V21, V30, choice, declared, item, manifest, packed
from tests.question_bank.strategies import small_picture

# --- packages --------------------------------------------------------------------------------------------------------

PICTURED = item(f'<p><img src="../hinh/so%20do.png" alt="sơ đồ"/></p>{choice()}', declared("A"))
PLAIN = item(choice(prompt="<prompt>Ai duyệt?</prompt>"), declared("C"))


def test_a_package_is_read_in_the_order_of_its_manifest_and_everything_else_is_named():
    data = packed(
        {
            "goi/imsmanifest.xml": manifest(
                ("imsqti_item_xmlv2p1", "items/b.xml"), ("imsqti_item_xmlv2p1", "items/a.xml"),
                ("imsqti_item_xmlv2p1", "items/thieu.xml"), ("imsqti_item_xmlv2p1", "items/hong.xml"),
                ("imsqti_item_xmlv2p1", "items/b.xml"), ("imsqti_test_xmlv2p1", "de.xml"),
            ),
            "goi/items/a.xml": PICTURED, "goi/items/b.xml": PLAIN, "goi/items/hong.xml": "<assessmentItem>",
            "goi/de.xml": f'<assessmentTest xmlns="{V21}"/>', "goi/hinh/so do.png": small_picture(),
            "goi/items/quen.xml": PLAIN, "__MACOSX/goi/._a": "x",
        }
    )  # fmt: skip
    result = qti.read(data, "goi.zip")
    assert [(row, str(record.question.stem).split("\n")[-1]) for row, record in result.records] == [
        (1, "Ai duyệt?"), (2, "Ai ký?"),
    ]  # fmt: skip
    assert result.records[1][1].question.stem.elements("img")
    assert [(row.row, row.raw["file"]) for row in result.refused] == [
        (3, "goi/items/thieu.xml"), (4, "goi/items/hong.xml"),
    ]  # fmt: skip
    assert [problem.code for problem in result.about_file] == ["test_structure", "files_unreferenced"]
    assert "quen.xml" in result.about_file[1].text()
    assert {problem.place.unit for problem in result.problems if problem.place.row} == {"question"}


def test_a_shared_passage_stands_on_every_question_and_a_missing_one_refuses():
    passage = f"""<qti-assessment-stimulus xmlns="{V30}" identifier="s" title="Bài đọc"><qti-stimulus-body><p>Đoạn
      văn</p></qti-stimulus-body></qti-assessment-stimulus>"""
    reference = '<assessmentStimulusRef identifier="s" href="{}" title="x"/>'
    items = {
        name: item(choice(prompt=f"<prompt>{name}?</prompt>"), declared("A") + reference.format(address))
        for name, address in (("a", "../doan/s.xml"), ("b", "../doan/s.xml"), ("c", "../doan/khac.xml"))
    }
    resources = [("imsqti_item_xmlv3p0", f"items/{name}.xml") for name in items]
    parts = {"imsmanifest.xml": manifest(*resources), "doan/s.xml": passage}
    result = qti.read(packed(parts | {f"items/{name}.xml": data for name, data in items.items()}), "goi.zip")
    assert [record.question.stimulus for _, record in result.records] == [Stimulus("Bài đọc", "Đoạn văn")] * 2
    assert [problem.code for problem in result.problems] == ["stimulus_missing"]


def test_a_package_without_a_manifest_is_read_by_names():
    result = qti.read(packed({"b.xml": PLAIN, "a.xml": item(choice(), declared("A")), "doc.txt": "x"}), "goi.zip")
    assert [row for row, _ in result.records] == [1, 2]
    assert [problem.code for problem in result.problems] == ["manifest_missing"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04 broken", "archive_broken"),
        (b"<assessmentItem", "xml_broken"),
        (f'<assessmentTest xmlns="{V21}"/>'.encode(), "no_item"),
        (b"<questestinterop/>", "qti_version_old"),
        (b"<quiz/>", "no_qti"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><assessmentItem>&x;</assessmentItem>', "xml_doctype"),
        (packed({"imsmanifest.xml": manifest()}), "items_missing"),
        (packed({"a.txt": "x"}), "items_missing"),
    ],
)
def test_a_file_without_items_is_refused_with_its_reason(data, code):
    assert code in [problem.code for problem in qti.read(data, "x").problems if problem.severity == "error"]


def test_the_metadata_of_a_spoiled_file_beside_is_told():
    parts = {
        "imsmanifest.xml": manifest(("imsqti_item_xmlv2p1", "a.xml", "a.metadata.json")),
        "a.xml": PLAIN, "a.metadata.json": '{"level": "khó lắm"}',
    }  # fmt: skip
    assert [problem.code for problem in qti.read(packed(parts), "goi.zip").problems] == ["metadata_unreadable"]


def test_keywords_and_identifiers_of_a_manifest_are_read():
    lom = (
        '<metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><identifier><entry>Q-7</entry></identifier>'
        "<keyword><string>luật</string></keyword><keyword><string>công vụ</string></keyword></general></lom></metadata>"
    )
    declared_item = manifest(("imsqti_item_xmlv2p1", "a.xml")).replace("<file", f"{lom}<file")
    result = qti.read(packed({"imsmanifest.xml": declared_item, "a.xml": PLAIN}), "goi.zip")
    assert result.records[0][1].metadata == Metadata(code="Q-7", tags=("luật", "công vụ"))
