"""An exported log checks itself: whatever is changed in the file is found, without database and key."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from examapp.integrity.canonical import jcs, parse_jcs
from examapp.integrity.chain import Details, Event, StoredEvent, details_commit, event_hash, event_mac, genesis_prev
from examapp.integrity.exported_log import Checked, Head, UnreadableExport, check_export, event_line, head_line
from scripts.verify_log import ALTERED, OK, UNREADABLE, main

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
NODE, SALT = bytes(32), bytes(16)
SCOPE = "exam:1"


def chain(length: int) -> list[StoredEvent]:
    prev, made = genesis_prev(SCOPE, NODE, b"created"), []
    for number in range(1, length + 1):
        details = {"turn": number}
        event = Event(
            SCOPE, number, AT, "system", "Hệ thống", "exam.changed", SCOPE, details_commit(SALT, details), prev
        )
        prev = event_hash(event)
        made.append(StoredEvent(event, prev, event_mac(b"k" * 32, prev), Details(SALT, details)))
    return made


def file(events: list[StoredEvent], length: int = 4) -> list[bytes]:
    head = {SCOPE: Head(length, chain(length)[-1].hash, b"created")}
    return [head_line(NODE, AT, head), *(event_line(one) for one in events)]


def found(lines: list[bytes]) -> list[tuple[int, str]]:
    return [(one.number, one.code) for one in check_export(lines).broken]


def test_a_whole_log_holds() -> None:
    checked = check_export(file(chain(4)))
    log = checked.logs[SCOPE]
    assert (checked.broken, log.events, log.whole, log.gaps) == ([], 4, True, 0)


def test_a_part_holds_and_says_that_it_is_one() -> None:
    events = chain(4)
    for part, gaps in (([events[1], events[3]], 2), (events[2:], 1), (events[:3], 0)):
        checked = check_export(file(part))
        assert (checked.broken, checked.logs[SCOPE].gaps, checked.logs[SCOPE].whole) == ([], gaps, False)


def test_erased_details_hold() -> None:
    events = chain(2)
    events[0] = StoredEvent(events[0].event, events[0].hash, events[0].mac)
    checked = check_export(file(events, 2))
    assert (checked.broken, checked.logs[SCOPE].erased, checked.logs[SCOPE].whole) == ([], 1, True)


@pytest.mark.parametrize(
    ("change", "findings"),
    [
        (lambda one: one | {"actor": {"id": "system", "name": "X"}}, [(2, "hash")]),
        (lambda one: one | {"details": {"turn": 9}}, [(2, "details")]),
        (lambda one: one | {"prev": one["hash"]}, [(2, "prev")]),
        (lambda one: one | {"n": 1}, [(1, "number")]),
        (lambda one: one | {"hash": one["prev"]}, [(2, "hash"), (3, "prev")]),
    ],
)
def test_every_change_is_found(change: Callable[[dict], dict], findings: list[tuple[int, str]]) -> None:
    lines = file(chain(4))
    lines[2] = jcs(change(parse_jcs(lines[2].strip()))) + b"\n"
    assert found(lines)[: len(findings)] == findings


def test_another_beginning_is_found() -> None:
    lines = file(chain(4))
    lines[0] = head_line(bytes([1]) * 32, AT, {SCOPE: Head(4, chain(4)[-1].hash, b"created")})
    assert found(lines) == [(1, "prev")]


@pytest.mark.parametrize(
    "lines",
    [[], [b"\n"], [b"[1]\n"], [b'{"format":"x"}\n'], [file([])[0], b"{}\n"], [file([])[0], b"\xff\n"], [b'{"a": 1}\n']],
)
def test_what_is_no_export_is_refused_in_words(lines: list[bytes]) -> None:
    with pytest.raises(UnreadableExport) as refused:
        check_export(lines)
    assert refused.value.text()


def test_lines_may_end_as_on_windows() -> None:
    checked: Checked = check_export(io.BytesIO(b"".join(file(chain(4))).replace(b"\n", b"\r\n")))
    assert checked.broken == []


def test_the_command_says_what_holds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "nhat-ky.jsonl"
    lines = file(chain(4))
    path.write_bytes(b"".join(lines))
    assert main([str(path)]) == OK
    assert "đúng  exam:1: 4 sự kiện (trọn vẹn)" in capsys.readouterr().out
    path.write_bytes(b"".join([*lines[:2], lines[2].replace("Hệ thống".encode(), b"X"), *lines[3:]]))
    assert main([str(path)]) == ALTERED
    assert "nội dung sự kiện số 2 đã bị sửa" in capsys.readouterr().out
    path.write_bytes(b"x")
    assert main([str(path)]) == UNREADABLE
    assert main([str(tmp_path / "none")]) == UNREADABLE
    assert main([]) == UNREADABLE
