"""Vietnamese is the source, English the other catalogue; everything is translated here, at the edge (decision 8).

`?lang=en` is remembered in a cookie. A browser's own preference is not asked: a shared machine at an exam site often
speaks English, and its users do not.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlencode

from flask import Flask, Response, has_request_context, request
from flask_babel import Babel, get_locale, gettext

from examapp.core.clock import LOCAL_ZONE
from examapp.web.cookies import read_cookie, set_cookie
from examapp.web.site import site

LANGUAGES = ("vi", "en")
COOKIE = "khaothi-lang"


class Told(Protocol):
    """A message with parameters that nobody has translated yet: a service error, a problem of a file."""

    @property
    def message(self) -> str:
        """Return the Vietnamese template."""
        ...

    @property
    def params(self) -> Mapping[str, object]:
        """Return the values of the named placeholders."""
        ...


def init_app(app: Flask) -> None:
    """Install the catalogues, the choice of language and the words templates use."""
    Babel(
        app,
        default_locale="vi",
        default_timezone=LOCAL_ZONE.key,
        default_translation_directories="translations",
        locale_selector=choose_language,
    )
    app.after_request(_remember_language)
    app.jinja_env.globals.update(language=current_language, other_languages=other_languages)
    app.context_processor(lambda: {"lang": current_language()})
    app.jinja_env.filters.update(tr=translate, told=told)


def choose_language() -> str:
    """Return the language of this request: asked for, remembered, or Vietnamese."""
    if has_request_context():
        for wanted in (request.args.get("lang"), read_cookie(COOKIE)):
            if wanted in LANGUAGES:
                return wanted
        return site().settings.default_language
    return "vi"


def current_language() -> str:
    """Return the two letters for `<html lang>`."""
    return str(get_locale() or "vi")


def other_languages() -> list[tuple[str, str, str]]:
    """Return (code, own name, address) of the languages this page is not in; the address keeps the page's query."""
    names = (("vi", "Tiếng Việt"), ("en", "English"))
    return [(code, name, _in_language(code)) for code, name in names if code != current_language()]


def _in_language(code: str) -> str:
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    return "?" + urlencode([*kept, ("lang", code)])


def translate(text: str | None, /, **params: object) -> str:
    """Return a marked Vietnamese text in this request's language; a per cent sign without parameters stays itself."""
    return gettext(text, **params) if text else ""


def told(thing: Told | str) -> str:
    """Return the sentence of a service error, a problem or a plain marked text in this request's language.

    A value whose name ends in `_words` is a marked text itself, such as a number written out.
    """
    if isinstance(thing, str):
        return translate(thing)
    params = {name: _value(name, value) for name, value in thing.params.items()}
    return translate(thing.message, **params)


def _value(name: str, value: object) -> object:
    return translate(value) if name.endswith("_words") and isinstance(value, str) else value


def _remember_language(response: Response) -> Response:
    wanted = request.args.get("lang")
    if wanted in LANGUAGES and wanted is not None and read_cookie(COOKIE) != wanted:
        set_cookie(response, COOKIE, wanted, max_age=timedelta(days=365), samesite="Lax")
    return response
