"""Test vectors of ``draw/1``: fixed inputs with every result, for this and any other implementation.

The stored file is the promise, ``build`` only says how it came about: a change of the code that changes a vector is a
new algorithm with a new name.
"""

import hashlib
import json
from collections.abc import Iterator
from importlib.resources import files

from question_bank.assembly.draw import (
    ALGORITHM,
    DrawCell,
    DrawSpec,
    OptionLayout,
    commitment,
    draw_paper,
    draw_seed,
    stream,
)

__all__ = ["build", "differences", "stored"]

_FORMAT = "khaothi/draw-vectors/v1"
#: Which streams are shown: test, candidate, purpose, then the bound of ``below`` or the length of a shuffle.
_STREAMS: tuple[tuple[str, str, str, int, int], ...] = (
    ("KT-2026-R1", "000123", "form", 20, 0),
    ("KT-2026-R1", "000123", "order", 0, 10),
    ("KT-2026-R1", "000123", "reject", 3_000_000_000, 0),
    ("KT-2026-R1", "000123", "one", 1, 1),
    ("KT-2026-R1", "000123", "two", 2, 2),
    ("KT-2026-R1", "000123", "power", 65_536, 64),
    ("KT-2026-R1", "000123", "whole", 2**32, 0),
    ("KT-2026-R1", "000123", "nearly-whole", 2**32 - 1, 0),
    ("T1", "12", "order", 7, 12),
    ("T11", "2", "order", 7, 12),
    ("KT-2026-R1", "000124", "form", 20, 0),
    ("KT-2026-R1", "0000123", "form", 20, 0),
    ("Tin học", "000001", "pick/Tổ chức bộ máy – nhận biết", 9, 9),
)


def stored() -> dict[str, object]:
    """Return the vectors that are shipped."""
    text = files("question_bank.assembly").joinpath("vectors/draw_1.json").read_text(encoding="utf-8")
    document: dict[str, object] = json.loads(text)
    return document


def differences() -> list[str]:
    """Return the names of the shipped vectors that this implementation does not reproduce; empty when all agree."""
    document, own = stored(), build()
    found = [name for name in ("format", "algorithm") if document.get(name) != own[name]]
    for part in ("openings", "streams", "papers"):
        theirs, ours = document.get(part), own[part]
        if not isinstance(theirs, list) or not isinstance(ours, list) or len(theirs) != len(ours):
            found.append(part)
            continue
        found += [f"{part}[{i}]" for i, pair in enumerate(zip(theirs, ours, strict=True)) if pair[0] != pair[1]]
    return found


def build() -> dict[str, object]:
    """Return all vectors, computed from their inputs."""
    openings = [_opening(*inputs) for inputs in _opening_inputs()]
    seed = bytes.fromhex(str(openings[0]["seed"]))
    return {
        "format": _FORMAT,
        "algorithm": ALGORITHM,
        "openings": openings,
        "streams": [_stream(seed, inputs) for inputs in _STREAMS],
        "papers": [_paper(seed, sbd, spec) for sbd, spec in _paper_inputs()],
    }


def _opening_inputs() -> Iterator[tuple[bytes, bytes, bytes, str]]:
    core, roster = hashlib.sha256(b"core").digest(), hashlib.sha256(b"roster").digest()
    secret = bytes(range(32))
    yield secret, core, roster, "20711834"
    yield secret, core, roster, "20711835"
    yield secret, core, roster, "00000000"
    yield secret, core, hashlib.sha256(b"addendum").digest(), "20711834"
    yield secret[::-1], core, roster, "20711834"


def _opening(secret: bytes, core: bytes, roster: bytes, public_value: str) -> dict[str, object]:
    return {
        "S": secret.hex(),
        "core0_digest": core.hex(),
        "core_digest": core.hex(),
        "roster_final": roster.hex(),
        "E": public_value,
        "commit": commitment(core, secret).hex(),
        "seed": draw_seed(secret, core, roster, public_value).hex(),
    }


def _stream(seed: bytes, inputs: tuple[str, str, str, int, int]) -> dict[str, object]:
    test_id, sbd, purpose, bound, length = inputs

    def fresh() -> list[object]:
        numbers = stream(seed, test_id, sbd, purpose)
        return [numbers.below(bound) for _ in range(8)]

    shown: dict[str, object] = {"seed": seed.hex(), "test_id": test_id, "sbd": sbd, "purpose": purpose}
    shown["bytes"] = stream(seed, test_id, sbd, purpose).take(48).hex()
    if bound:
        shown["below"] = {"bound": bound, "results": fresh()}
    if length:
        shown["shuffle"] = stream(seed, test_id, sbd, purpose).shuffle(range(length))
    return shown


def _paper_inputs() -> Iterator[tuple[str, DrawSpec]]:
    plain = _spec("KT-2026-R1", {"a": (2, 6), "b": (3, 9)}, {})
    pinned = _spec(
        "KT-2026-R1", {"a": (2, 6), "b": (3, 9)}, {"a-0": (3,), "a-1": (0, 1, 2, 3), "b-3": (2, 3), "b-4": (1,)}
    )
    for sbd in ("000123", "000124"):
        yield sbd, plain
        yield sbd, pinned
    # One more question in cell "b": cell "a" keeps its picks.
    yield "000123", _spec("KT-2026-R1", {"a": (2, 6), "b": (3, 10)}, {})
    yield "000123", _spec("KT-2026-R1", {"all": (4, 4), "none": (0, 3)}, {})
    yield "00042", _spec(bytes(range(16)), {"Pháp luật – vận dụng": (1, 3), "Tin học": (1, 3)}, {"Tin học-2": (3,)})
    cells = {f"{topic}/{level}": (3, 9) for topic in range(5) for level in range(4)}
    yield "123456", _spec("KT-2026-R1", cells, {f"{topic}/1-4": (3,) for topic in range(5)})


def _spec(test_id: str | bytes, cells: dict[str, tuple[int, int]], pins: dict[str, tuple[int, ...]]) -> DrawSpec:
    made = tuple(
        DrawCell(name, count, tuple(f"{name}-{i}" for i in range(size))) for name, (count, size) in cells.items()
    )
    questions = [question for cell in made for question in cell.pool]
    layouts = {
        question: OptionLayout(2 + i % 4 if question not in pins else 4, pins.get(question, ()))
        for i, question in enumerate(questions)
    }
    return DrawSpec(test_id, made, layouts)


def _paper(seed: bytes, sbd: str, spec: DrawSpec) -> dict[str, object]:
    name = {"test_id": spec.test_id} if isinstance(spec.test_id, str) else {"test_id_hex": spec.test_id.hex()}
    return {
        "seed": seed.hex(),
        **name,
        "sbd": sbd,
        "cells": [{"cell_id": cell.cell_id, "count": cell.count, "pool": list(cell.pool)} for cell in spec.cells],
        "options": {
            question: {"count": layout.count, "pinned_last": list(layout.pinned_last)}
            for question, layout in spec.options.items()
        },
        "paper": [[item.question_id, list(item.option_order)] for item in draw_paper(seed, sbd, spec)],
    }
