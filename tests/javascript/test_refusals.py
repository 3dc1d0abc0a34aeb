"""The page has a sentence of its own for every code of the fast path, which answers in Vietnamese only."""

import re

from examapp.answerlog import protocol
from examapp.answerlog.replies import BAD_BODY, ERRORS, error
from scripts.build_static import ROOT, STATIC, catalogue

SOURCE = (STATIC / "js" / "exam" / "refusals.js").read_text("utf-8")
SENTENCE = re.compile(r'^  (\w+): \(\) => t\("([^"]+)"')
WRONG_FORM = re.compile(r"^  (\w+): wrongForm,$")


def page_sentences() -> dict[str, str]:
    """Return the Vietnamese sentence of each code as the page's script has it."""
    wrong_form = re.search(r'wrongForm = \(\) => t\("([^"]+)"', SOURCE)
    assert wrong_form
    limit = re.search(r"LIMIT_KB = (\d+);", SOURCE)
    assert limit
    found = {}
    for line in SOURCE.splitlines():
        if match := SENTENCE.match(line):
            found[match[1]] = match[2].replace("%(limit)s", limit[1])
        elif match := WRONG_FORM.match(line):
            found[match[1]] = wrong_form[1]
    return found


def test_the_page_says_what_the_fast_path_would() -> None:
    found = page_sentences()
    assert {code: found.get(code) for code in ERRORS} == {str(code): text for code, (_, text) in ERRORS.items()}


def test_faults_of_the_body_have_a_sentence_too() -> None:
    source = (ROOT / "examapp" / "answerlog" / "protocol.py").read_text("utf-8")
    codes = set(re.findall(r'BadBody\(\s*"(\w+)"', source)) | set(re.findall(r'else "(bad_\w+)"', source))
    assert {"bad_body", "bad_kind", "bad_response", "rows_after_submit"} <= codes
    found = page_sentences()
    assert {code for code in codes if found.get(code) not in (BAD_BODY, ERRORS.get(code, ("", ""))[1])} == set()
    assert protocol.BadBody("bad_row").code in found
    assert b"bad_row" in error("bad_row").body


def test_every_sentence_is_there_in_english() -> None:
    sentences = re.findall(r't\("([^"]+)"', SOURCE)
    assert sentences
    assert [text for text in sentences if not catalogue(SOURCE, "en").get(text)] == []
