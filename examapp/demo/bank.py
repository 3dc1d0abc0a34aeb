"""The demonstration's bank: three subjects with their topics, filled from the files beside this module."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from examapp.access.actor import Actor
from examapp.bank.imports import apply_import, preview_import
from examapp.bank.models import Subject
from examapp.bank.services import create_subject, find_or_create_topic

FOLDER = Path(__file__).parent

#: the subject that the demonstration's exams examine
GENERAL = "KTC"


@dataclass(frozen=True)
class DemoSubject:
    """A subject, its topics (code to name) in their order, and the file of its questions."""

    code: str
    name: str
    file: str
    topics: Mapping[str, str]


def read_subjects() -> list[DemoSubject]:
    """Return the subjects that `subjects.toml` names."""
    table = tomllib.loads((FOLDER / "subjects.toml").read_text(encoding="utf-8"))
    return [DemoSubject(**entry) for entry in table["subjects"]]


def fill_bank(session: Session, *, actor: Actor, now: datetime) -> int:
    """Make the subjects that are missing and import their questions; return how many questions came in."""
    made = 0
    present = set(session.scalars(select(Subject.code)))
    for wanted in read_subjects():
        if wanted.code in present:
            continue
        subject = create_subject(session, wanted.code, wanted.name, actor=actor, now=now)
        # the topics first: an import knows only their codes, and would name them so
        for code, name in wanted.topics.items():
            find_or_create_topic(session, subject, code, name)
        data = (FOLDER / wanted.file).read_bytes()
        batch = preview_import(session, subject, data, file_name=wanted.file, actor=actor, now=now)
        made += apply_import(session, batch, actor=actor, now=now)
    return made


def find_subject(session: Session, code: str) -> Subject:
    """Return a subject of the demonstration."""
    return session.scalars(select(Subject).where(Subject.code == code)).one()
