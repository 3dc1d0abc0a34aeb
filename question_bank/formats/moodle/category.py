"""Categories of Moodle as subject and topic: ``$course$/Luật/Cán bộ, công chức``."""

import re

from question_bank.questions.metadata import Metadata
from question_bank.questions.text import clean

__all__ = ["UNSORTED", "path_of", "place_of"]

#: The category of what has no topic; Moodle files a question into the last category named before it.
UNSORTED = "Chưa phân loại"
#: A slash inside a name is doubled.
_BETWEEN = re.compile(r"(?<!/)/(?!/)")
_CONTEXT = re.compile(r"\$[A-Za-z0-9_]+\$")


def place_of(path: str) -> Metadata:
    """Return subject and topic of a category path: of one name it is the topic, of several the first is the subject."""
    names = [clean(name.replace("//", "/")) for name in _BETWEEN.split(path)]
    if names and _CONTEXT.fullmatch(names[0]):
        names = names[1:]
    if names and names[0] == "top":
        names = names[1:]
    names = [name for name in names if name]
    topic = "/".join(names[1:] if len(names) > 1 else names)
    return Metadata(topic="" if topic == UNSORTED else topic, subject=names[0] if len(names) > 1 else None)


def path_of(metadata: Metadata) -> str:
    """Return the category path of a subject and topic, from which ``place_of`` gets them back."""
    names = [metadata.subject] if metadata.subject else []
    names.append(metadata.topic or UNSORTED)
    # In front "top" is the root of all categories and no name.
    return "/".join(["$course$", *(["top"] if names[0] == "top" else []), *map(_name, names)])


def _name(name: str) -> str:
    name = clean(name).replace("\n", " ")
    doubled = name.replace("/", "//")
    # Beside the slash between names a doubled one could not be told; Moodle takes spaces off names.
    return f"{' ' if name.startswith('/') else ''}{doubled}{' ' if name.endswith('/') else ''}"
