"""Items and packages of QTI as other programs write them, for the tests of QTI."""

import io
import zipfile

from question_bank.formats import qti

V21 = "http://www.imsglobal.org/xsd/imsqti_v2p1"
V30 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"


def item(body, declarations="", processing="", attributes="", after=""):
    """An item of version 2.1 as another program writes it."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{V21}" identifier="cau" title="Câu" '
        f'adaptive="false" timeDependent="false" {attributes}>\n{declarations}\n<itemBody>\n{body}\n</itemBody>\n'
        f"{processing}{after}</assessmentItem>"
    ).encode()


def declared(*correct, cardinality="single", base="identifier", mapping="", name="RESPONSE"):
    values = "".join(f"<value>{value}</value>" for value in correct)
    right = f"<correctResponse>{values}</correctResponse>" if correct else ""
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">{right}{mapping}'
        "</responseDeclaration>"
    )


def template(name):
    return f'<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/{name}"/>'


def choice(options="ABC", attributes='maxChoices="1"', prompt="<prompt>Ai ký?</prompt>"):
    words = {"A": "Chủ tịch", "B": "Giám đốc", "C": "Trưởng phòng"}
    choices = "".join(f'<simpleChoice identifier="{one}">{words.get(one, one)}</simpleChoice>' for one in options)
    return f'<choiceInteraction responseIdentifier="RESPONSE" {attributes}>{prompt}{choices}</choiceInteraction>'


def only(data):
    """The one question of a file, with the codes of all that was said."""
    result = qti.read(data, "cau.xml")
    assert len(result.records) == 1, [problem.text() for problem in result.problems]
    return result.records[0][1], [problem.code for problem in result.problems]


def refused(data):
    """The codes of the errors of a file none of whose questions was accepted."""
    result = qti.read(data, "cau.xml")
    assert not result.records
    assert result.refused or result.unreadable
    return [problem.code for problem in result.problems if problem.severity == "error"]


def packed(parts):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def manifest(*resources):
    inside = "".join(
        f'<resource identifier="r{place}" type="{kind}" href="{paths[0]}">'
        + "".join(f'<file href="{path}"/>' for path in paths)
        + "</resource>"
        for place, (kind, *paths) in enumerate(resources)
    )
    return f'<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1"><resources>{inside}</resources></manifest>'
