"""The bank's lists as a person gets them from the product: whole, narrowed, searched; at 20,000 questions and more."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from urllib.parse import quote
from uuid import UUID

import psycopg
from sqlalchemy.orm import Session

from examapp.access.actor import SYSTEM, RoleGrant
from examapp.access.roles import Role
from examapp.accounts.services import create_account, open_session
from examapp.core.db import engine_for
from examapp.integrity.canonical import b64u
from examapp.integrity.keys import NodeKeys
from scripts.bench.bulk import add_questions
from scripts.bench.figures import finish, show
from scripts.bench.stage import PRODUCT, Stage, stage

BUDGET_MS = 200
ROUNDS = 9
#: how many questions; only the first number has a budget
SIZES = (20_000, 100_000)

#: the words of which the questions are made, without accents as the bank looks them up
WORDS = (
    "luat can bo cong chuc vien nghi dinh chinh phu thong tu noi vu uy ban nhan dan thanh pho ho chi minh quy dinh "
    "tuyen dung quan ly ky khen thuong danh gia xep loai nghia quyen loi trach nhiem tham to hoat dong co hanh nha "
    "nuoc phap hien quoc hoi dai bieu phuong so nganh giam doc tich dao duc van hoa giao tiep thuc thi bi mat tai lieu"
)
#: every fifth question has a second version; statuses and levels are mixed
_WORDED = """
UPDATE question_versions AS v SET level = (ARRAY['recall', 'understanding', 'application', 'high_application'])
        [1 + (t.n %% 4)::int], search_text = t.words,
    content = json_build_object('kind', 'single_choice', 'stem', t.words, 'options', ARRAY['mot', 'hai', 'ba', 'bon'])
FROM (
    SELECT q.id, q.n, string_agg(v.words[1 + abs(hashint8(q.n * 64 + k)) %% cardinality(v.words)], ' ')
        || ' dieu ' || q.n %% 300 AS words
    FROM (SELECT id, substr(code, 2)::bigint AS n FROM questions) AS q,
        (SELECT string_to_array(%s, ' ') AS words) AS v, generate_series(1, 50) AS k
    GROUP BY q.id, q.n
) AS t WHERE t.id = v.question_id
"""
_MORE = """
UPDATE questions SET status = CASE substr(code, 2)::bigint % 10 WHEN 0 THEN 'draft' WHEN 1 THEN 'retired'
    ELSE 'approved' END;
INSERT INTO question_versions (id, question_id, number, kind, topic_id, level, content, answer_key, digest, search_text,
    created_at)
SELECT gen_random_uuid(), v.question_id, 2, v.kind, v.topic_id, v.level, v.content, v.answer_key, v.digest,
    v.search_text, v.created_at + interval '1 hour'
FROM question_versions AS v JOIN questions AS q ON q.id = v.question_id WHERE substr(q.code, 2)::bigint % 5 = 0
"""

LISTS = {
    "first page": "",
    "last page": "page=9999",
    "newest first": "sort=changed",
    "one status": "status=draft",
    "one topic": "topic={topic}",
    "one level, newest first": "level=recall&sort=changed",
    "search, a common word": "q=luật",
    "search, three words": "q=luật cán bộ",
    "search, a rare word": "q=luật điều 137",
    "search, the beginning of words": "q=luật c",
    "search, a code": "q=q123",
    "search, nothing found": "q=không có từ này",
    "search in one topic, newest first": "q=luật can&topic={topic}&sort=changed",
}


def main() -> None:
    """Measure and print."""
    for size in SIZES:
        with stage(PRODUCT) as on:
            subject, topic = _fill(on.url, size)
            cookie = _signed_in(on.url, on.keys)
            with _client(on) as client:
                _measure(client, size, f"/ngan-hang/{subject}", str(topic), cookie)
    finish()


def _measure(client: http.client.HTTPConnection, size: int, path: str, topic: str, cookie: str) -> None:
    pages = {f"list, {name}": f"{path}?{quote(query.format(topic=topic), safe='=&')}" for name, query in LISTS.items()}
    pages |= {"subjects": "/ngan-hang/", "subjects, search": "/ngan-hang/?q=luat", "topics": f"{path}/chu-de"}
    for name, page in pages.items():
        times = [_took(client, page, cookie) for _ in range(ROUNDS)]
        limit = BUDGET_MS if size == SIZES[0] else None
        show(f"{size:,} questions: {name}, median", median(times), "ms", at_most=limit)


def _took(client: http.client.HTTPConnection, path: str, cookie: str) -> float:
    begun = perf_counter()
    client.request("GET", path, headers={"Cookie": f"khaothi-staff={cookie}"})
    answer = client.getresponse()
    answer.read()
    assert answer.status == 200, (answer.status, path)
    return (perf_counter() - begun) * 1000


def _fill(url: str, size: int) -> tuple[UUID, UUID]:
    """Make a subject with so many questions; return it and one of its topics."""
    add_questions(url, size)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_WORDED, (WORDS,))
        for statement in _MORE.split(";"):
            connection.execute(statement)
        for table in ("questions", "question_versions"):
            connection.execute(f"VACUUM ANALYZE {table}")
        ((subject, topic),) = connection.execute("SELECT subject_id, id FROM topics WHERE position = 3").fetchall()
    return subject, topic


def _signed_in(url: str, keys: NodeKeys) -> str:
    """Return the cookie of somebody who sees every subject and writes in it."""
    engine, now = engine_for(url), datetime.now(UTC)
    with Session(engine, info={"keys": keys}) as session, session.begin():
        grants = [RoleGrant(Role.SECRETARY, "site", None)]
        account = create_account(session, "do", "Người đo", "một câu rất dài", grants=grants, actor=SYSTEM, now=now)
        token = open_session(session, account, now=now)
    engine.dispose()
    return b64u(token)


@contextmanager
def _client(on: Stage) -> Iterator[http.client.HTTPConnection]:
    client = http.client.HTTPConnection("127.0.0.1", on.port, timeout=60)
    try:
        yield client
    finally:
        client.close()


if __name__ == "__main__":
    main()
