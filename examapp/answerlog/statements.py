"""The SQL of the fast path, in one place, with the reason for each turn.

`FAST` is sent in one round trip with `LOCK` before it: the usual batch of the attempt's own writer, in time, without a
gap; `LOOK` alone when there is no row in it. Whatever is not exactly that comes back with `plain` false and nothing
stored, and is judged by `rules.judge` on what `FACTS` and `STORED` read. Times are stamped after the locks were
granted. Every look-up goes by primary key: LATERAL with LIMIT keeps the planner from joining whole tables, so a save
costs the same at 1,000 and at 50,000 attempts.
"""

#: session settings: commits are durable whatever the server's default; plans stay those of the primary keys
PREPARE_SESSION = """
SELECT set_config('synchronous_commit', 'on', false) FROM (SELECT current_setting('synchronous_commit') AS level) AS now
WHERE level = 'off'
UNION ALL SELECT set_config('enable_seqscan', 'off', false)
UNION ALL SELECT set_config('plan_cache_mode', 'force_generic_plan', false)
UNION ALL SELECT set_config('jit', 'off', false)
UNION ALL SELECT set_config('lock_timeout', '3000', false)
UNION ALL SELECT set_config('statement_timeout', '10000', false)
UNION ALL SELECT set_config('idle_in_transaction_session_timeout', '30000', false)
UNION ALL SELECT set_config('TimeZone', 'UTC', false)
UNION ALL SELECT set_config('client_encoding', 'UTF8', false)
"""

#: both classes come sorted, sittings first (locks.py)
LOCK = """
SELECT count(CASE WHEN shared THEN pg_advisory_xact_lock_shared(class, key)::text
                  ELSE pg_advisory_xact_lock(class, key)::text END)
FROM unnest($1::int[], $2::int[], $3::bool[]) AS lock (class, key, shared)
"""

_ASKED = """
WITH moment AS MATERIALIZED (
    SELECT clock_timestamp() + $1::bigint * interval '1 microsecond' AS received_at
), facts AS MATERIALIZED (
    SELECT asked.n, asked.attempt_id, asked.lease, asked.rows, attempt.starts_at, attempt.closes_at, moment.received_at,
        coalesce(last.seq, 0) AS ack,
        CASE WHEN asked.rows < 0 THEN attempt.release_key END AS release_key,
        attempt.lease = asked.lease AND attempt.closed_at IS NULL AND CASE
            WHEN asked.rows < 0 THEN true
            WHEN asked.rows = 0 THEN last.fenced IS NOT TRUE
                AND coalesce(moment.received_at <= attempt.closes_at + interval '5 seconds', true)
            ELSE last.fenced IS NOT TRUE AND asked.first_seq = coalesce(last.seq, 0) + 1
                AND asked.top_item < attempt.items
                AND moment.received_at BETWEEN attempt.starts_at AND attempt.closes_at + interval '5 seconds'
            END IS TRUE AS plain
    FROM moment, unnest($2::int[], $3::uuid[], $4::int[], $5::int[], $6::int[], $7::int[], $8::uuid[])
        AS asked (n, attempt_id, lease, rows, first_seq, top_item, sitting_id)
    CROSS JOIN LATERAL (SELECT lease, items, starts_at, closes_at, closed_at, release_key
        FROM attempts WHERE id = asked.attempt_id AND sitting_id = asked.sitting_id LIMIT 1) AS attempt
    LEFT JOIN LATERAL (SELECT seq, fenced FROM answer_saves
        WHERE attempt_id = asked.attempt_id AND lease = asked.lease ORDER BY seq DESC LIMIT 1) AS last ON true
), seen AS (
    INSERT INTO attempt_presence (attempt_id, seen_at)
    SELECT facts.attempt_id, facts.received_at FROM facts
    LEFT JOIN LATERAL (SELECT seen_at FROM attempt_presence
        WHERE attempt_id = facts.attempt_id LIMIT 1) AS before ON true
    WHERE facts.plain AND (before.seen_at IS NULL OR before.seen_at <= facts.received_at - interval '1 minute'
        OR facts.received_at BETWEEN facts.closes_at AND facts.closes_at + interval '5 seconds')
        AND coalesce(facts.received_at <= facts.closes_at + interval '5 seconds', true)
    ORDER BY facts.attempt_id
    ON CONFLICT (attempt_id) DO UPDATE SET seen_at = excluded.seen_at
)"""

_STORED = """, stored AS (
    INSERT INTO answer_saves (attempt_id, lease, seq, kind, item, response, client_ms, received_at, late, fenced)
    SELECT facts.attempt_id, facts.lease, sent.seq, sent.kind, sent.item, sent.response, sent.client_ms,
        facts.received_at, false, false
    FROM unnest($9::int[], $10::int[], $11::smallint[], $12::smallint[], $13::text[], $14::bigint[])
        AS sent (n, seq, kind, item, response, client_ms)
    JOIN facts ON facts.n = sent.n AND facts.plain
    ON CONFLICT DO NOTHING
    RETURNING attempt_id
)"""

_FOUND = """
SELECT facts.n, facts.plain, facts.ack, coalesce(count.stored, 0),
    floor(extract(epoch FROM facts.received_at) * 1000)::bigint,
    floor(extract(epoch FROM facts.starts_at) * 1000)::bigint,
    floor(extract(epoch FROM facts.closes_at) * 1000)::bigint, facts.release_key
FROM facts
"""

_COUNTED = """
LEFT JOIN (SELECT attempt_id, count(*) AS stored FROM stored GROUP BY attempt_id) AS count USING (attempt_id)
"""

_NOTHING_STORED = """
CROSS JOIN (VALUES (0)) AS count (stored)
"""

#: parameters: clock offset in microseconds; of each request its number, attempt, lease, count of rows (-1: the key is
#: wanted), first number, highest item and sitting; of each row its request, seq, kind, item, response and client_ms
FAST = _ASKED + _STORED + _FOUND + _COUNTED

#: the same for a batch without rows, which needs no locks: signs of life and keys. Presence is written in the order of
#: attempts, so that two batches never wait for each other in a circle
LOOK = _ASKED + _FOUND + _NOTHING_STORED

FACTS = """
WITH moment AS MATERIALIZED (
    SELECT clock_timestamp() + %(offset)s::bigint * interval '1 microsecond' AS received_at
)
SELECT asked.n, moment.received_at, attempt.lease, attempt.items, attempt.starts_at, attempt.closes_at,
    attempt.grace_seconds, attempt.closed_by, attempt.submit_lease, attempt.submit_seq, attempt.release_key,
    coalesce(last.seq, 0), coalesce(last.client_ms, 0),
    moment.received_at >= attempt.closes_at AND (
        EXISTS (SELECT FROM attempt_presence
            WHERE attempt_id = asked.attempt_id AND seen_at >= attempt.closes_at)
        OR EXISTS (SELECT FROM answer_saves WHERE attempt_id = asked.attempt_id AND received_at >= attempt.closes_at
            AND NOT late AND NOT fenced)) IS TRUE,
    EXISTS (SELECT FROM sitting_roots WHERE sitting_id = asked.sitting_id)
FROM moment, unnest(%(n)s::int[], %(attempt)s::uuid[], %(lease)s::int[], %(sitting)s::uuid[])
    AS asked (n, attempt_id, lease, sitting_id)
CROSS JOIN LATERAL (SELECT * FROM attempts
    WHERE id = asked.attempt_id AND sitting_id = asked.sitting_id LIMIT 1) AS attempt
LEFT JOIN LATERAL (SELECT seq, client_ms FROM answer_saves
    WHERE attempt_id = asked.attempt_id AND lease = asked.lease AND NOT fenced
    ORDER BY seq DESC LIMIT 1) AS last ON true
"""

STORED = """
SELECT asked.n, row.seq, row.kind, row.item, row.response, row.client_ms, row.fenced
FROM unnest(%(n)s::int[], %(attempt)s::uuid[], %(lease)s::int[], %(first)s::int[], %(last)s::int[])
    AS asked (n, attempt_id, lease, first_seq, last_seq)
CROSS JOIN LATERAL (SELECT * FROM answer_saves WHERE attempt_id = asked.attempt_id AND lease = asked.lease
    AND seq BETWEEN asked.first_seq AND asked.last_seq) AS row
"""

INSERT = """
INSERT INTO answer_saves (attempt_id, lease, seq, kind, item, response, client_ms, received_at, late, fenced)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

CLOSE = """
UPDATE attempts SET closed_at = %s, closed_by = 'candidate', submit_lease = %s, submit_seq = %s
WHERE id = %s AND closed_at IS NULL
"""

#: at most 20 an attempt: a page that repeats itself must not fill the table
NOTE = """
INSERT INTO attempt_events (attempt_id, number, at, kind, actor, details)
SELECT %(attempt)s, coalesce(max(number), 0) + 1, %(at)s, 'diverged', 'system', %(details)s::jsonb
FROM attempt_events WHERE attempt_id = %(attempt)s
HAVING count(*) FILTER (WHERE kind = 'diverged') < 20
"""
