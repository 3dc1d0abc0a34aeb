"""A browser without a screen, which checks every page it opens: quality rules for pages then cost nothing.

On each page: title, one h1, language, labelled inputs, forms with an action and a forgery token, nothing inline,
icons that exist, unique ids, the security headers. `submit` fills in a form that is really on the page.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
_UNLABELLED = {"hidden", "submit", "button"}


@dataclass
class Form:
    """A form of a page and what it would send untouched."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    #: every field there is, boxes without a tick included
    names: set[str] = field(default_factory=set)
    has_files: bool = False


@dataclass
class Element:
    """An element with its attributes; enough of a tree for the checks."""

    tag: str
    attributes: dict[str, str]
    parents: tuple["Element", ...]
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open))
        self.elements.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open)))

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            if self.open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


class Page:
    """One answer, read and checked."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.html = response.get_data(as_text=True)
        reader = _Reader()
        reader.feed(self.html)
        self.elements = reader.elements

    @property
    def title(self) -> str:
        """Return the text of `<title>`."""
        return self.all("title")[0].text.strip()

    @property
    def heading(self) -> str:
        """Return the text of the only h1."""
        return self.all("h1")[0].text.strip()

    @property
    def text(self) -> str:
        """Return what a reader reads, spaces collapsed."""
        return " ".join(self.all("body")[0].text.split())

    def all(self, tag: str) -> list[Element]:
        """Return every element with this tag."""
        return [element for element in self.elements if element.tag == tag]

    def links(self) -> list[str]:
        """Return the addresses of all links."""
        return [element.attributes.get("href", "") for element in self.all("a")]

    def menu(self) -> list[str]:
        """Return the lines of the side navigation."""
        return [
            element.text
            for element in self.all("a")
            if any(parent.attributes.get("class") == "menu" for parent in element.parents)
        ]

    def form(self, action: str) -> Form:
        """Return the form that sends to `action`."""
        return next(form for form in self.forms() if form.action.partition("?")[0] == action)

    def forms(self) -> list[Form]:
        """Return every form with the values it holds."""
        return [self._form(element) for element in self.all("form")]

    def _form(self, element: Element) -> Form:
        attributes = element.attributes
        # a browser keeps the part behind "#" to itself
        form = Form(attributes.get("action", "").partition("#")[0], attributes.get("method", "get").lower())
        for inner in self.elements:
            if element in inner.parents and "name" in inner.attributes:
                form.names.add(inner.attributes["name"])
                self._fill(form, inner)
        return form

    def _fill(self, form: Form, inner: Element) -> None:
        name, kind = inner.attributes["name"], inner.attributes.get("type", "text")
        if kind == "file":
            form.has_files = True
        elif kind in ("checkbox", "radio"):
            if "checked" in inner.attributes:
                form.fields[name] = inner.attributes.get("value", "on")
        elif inner.tag == "select":
            options = [option for option in self.all("option") if inner in option.parents]
            chosen = [option for option in options if "selected" in option.attributes] or options[:1]
            form.fields[name] = chosen[0].attributes.get("value", "") if chosen else ""
        elif inner.tag in ("input", "textarea"):
            form.fields[name] = inner.attributes.get("value", inner.text)


class Browser:
    """Opens pages as one person."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, path: str, *, status: int = 200) -> Page:
        """Return the page at `path`, redirects followed, every check made."""
        return self._checked(self.client.get(path, follow_redirects=True), status)

    def submit(self, page: Page, action: str, *, status: int = 200, **values: Any) -> Page:
        """Send the page's form with these values put in, follow the redirect, return the checked page it leads to."""
        response = self.post(page, action, **values)
        if response.status_code == 303:
            response = self.client.get(response.location, follow_redirects=True)
        return self._checked(response, status)

    def post(self, page: Page, action: str, **values: Any) -> TestResponse:
        """Send the page's form with these values put in and return the bare answer."""
        form = page.form(action)
        assert form.method == "post", f"{action} is no deed"
        unknown = {name for name in values if name not in form.names} if not form.has_files else set()
        assert not unknown, f"the form {action} has no field {unknown}"
        return self.client.post(form.action, data={**form.fields, **values})

    def _checked(self, response: TestResponse, status: int) -> Page:
        assert response.status_code == status, f"{response.status_code}: {Page(response).text[:600]}"
        page = Page(response)
        check_page(page)
        return page


def check_page(page: Page) -> None:
    """Assert everything that holds for every page of the site."""
    headers = page.response.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert page.all("html")[0].attributes.get("lang") in ("vi", "en")
    assert len(page.all("title")) == 1
    assert page.title
    assert len(page.all("h1")) == 1, "one h1"
    assert page.heading
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({one for one in ids if ids.count(one) > 1})}"
    _check_nothing_inline(page)
    _check_labels(page)
    _check_forms(page)
    for use in page.all("use"):
        assert use.attributes["href"].removeprefix("#") in ids, f"no symbol {use.attributes['href']}"


def _check_nothing_inline(page: Page) -> None:
    for element in page.elements:
        inline = [name for name in element.attributes if name == "style" or name.startswith("on")]
        assert not inline, f"inline {inline} on <{element.tag}>"
        assert element.tag != "style", "inline style sheet"
        assert element.tag != "script" or (element.attributes.get("src") and not element.text), "inline script"
        for name in ("src", "href"):
            # pictures of questions travel inside the page
            forbidden = ("http:", "javascript:") if element.tag == "img" else ("http:", "data:", "javascript:")
            assert not element.attributes.get(name, "").startswith(forbidden)


def _check_labels(page: Page) -> None:
    named = {element.attributes.get("for") for element in page.all("label")}
    for element in page.elements:
        if element.tag not in ("input", "select", "textarea") or element.attributes.get("type") in _UNLABELLED:
            continue
        wrapped = any(parent.tag == "label" for parent in element.parents)
        labelled = element.attributes.get("id") in named or wrapped or "aria-label" in element.attributes
        assert labelled, f"no label: {element.attributes}"
        for described in element.attributes.get("aria-describedby", "").split():
            assert any(other.attributes.get("id") == described for other in page.elements), f"no {described}"


def _check_forms(page: Page) -> None:
    for form in page.forms():
        assert form.action, "a form without an action"
        if form.method == "post":
            assert form.fields.get("csrf_token"), f"no forgery token in the form to {form.action}"
