"""Every page in English: no sentence of ours stays Vietnamese, in a text, a label, a hint or a refusal.

What people typed and the text of the law are Vietnamese in every language; they are told from ours by the catalogue: a
text that is itself one of its Vietnamese sentences was written by us and should have been translated.
"""

import re
from html.parser import HTMLParser

from babel.messages.pofile import read_po

from examapp.web.language import LANGUAGES
from scripts.translate import catalogue_path
from tests.cast import Cast
from tests.functional.exam_day import PEOPLE, At, Day, csrf_token
from tests.functional.test_role_matrix import DRAWN_LATER, LAST, routes

#: words too short to tell from a name somebody gave a room or a topic
LEAST = 6
READ_ALOUD = ("title", "aria-label", "placeholder", "alt", "data-label", "data-count")
#: names that stay as they are; the city is also what an exam's documents say, typed in by somebody
SAME = {"Tiếng Việt", "Khảo thí công vụ", "Thành phố Hồ Chí Minh"}


class _Reader(HTMLParser):
    """Collects what a reader sees or hears of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.texts += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def ours() -> tuple[set[str], re.Pattern[str]]:
    """Return the Vietnamese sentences that have another form in English: the plain ones, and those with places."""
    plain, with_places = set(), []
    with catalogue_path("en").open("rb") as file:
        catalogue = read_po(file, locale="en")
    for message in catalogue:
        source, target = (one if isinstance(one, str) else one[0] for one in (message.id, message.string))
        if not source or not target or source == target or source in SAME or len(source) < LEAST:
            continue
        parts = re.split(r"%\(\w+\)[sd]|\{\w+\}", source)
        if len(parts) == 1:
            plain.add(source)
        elif len("".join(parts)) >= 4 * LEAST:
            with_places.append(".*".join(map(re.escape, parts)))
    return plain, re.compile("|".join(with_places))


def untranslated(html: str) -> list[str]:
    """Return the texts of a page that are Vietnamese sentences of ours."""
    reader = _Reader()
    reader.feed(html)
    texts = {" ".join(text.split()) for text in reader.texts}
    return sorted(text for text in texts if text in PLAIN or WITH_PLACES.fullmatch(text))


PLAIN, WITH_PLACES = ours()


def test_the_catalogue_tells_our_sentences_from_other_peoples() -> None:
    assert LANGUAGES == ("vi", "en")
    page = '<p title="Đến nội dung chính">Nguyễn Văn A</p><small>Ca thi này có 30 thí sinh</small><b>Số báo danh</b>'
    assert untranslated(page) == ["Số báo danh", "Đến nội dung chính"]


def test_every_page_and_every_refusal(day: Day) -> None:
    day.candidate("0001")
    people = Cast(day.session, day.clock.now())
    seen, found = set(), []
    for person in PEOPLE:
        people.account(person)
        client = day.browser(person).client
        token = csrf_token(client.get("/mat-khau?lang=en").get_data(as_text=True))
        pages = [(f"show_sitting {at}", "GET", day.path(at)) for at in At]
        pages += [(one.endpoint, one.method, one.path) for one in routes(day) if one.endpoint not in LAST | DRAWN_LATER]
        for endpoint, method, path in pages:
            if (endpoint, method) in seen:
                continue
            answer = client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
            if answer.mimetype == "text/html" and answer.status_code in (200, 409, 422):
                seen.add((endpoint, method))
                html = answer.get_data(as_text=True)
                assert '<html lang="en"' in html, endpoint
                found += [f"{endpoint} {method} {answer.status_code}: {text}" for text in untranslated(html)]
            answer.close()
    assert len(seen) > 100, "the walk has opened nearly nothing"
    assert not found, "\n".join(found)
