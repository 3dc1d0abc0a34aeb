// What a lease reply means for the copy on this machine, and what is sent again under a new lease.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ANSWER, FLAG } from "../../examapp/static/js/exam/answers.js";
import { judgeLease, settleLease, startOver } from "../../examapp/static/js/exam/leases.js";
import { makeAttempt } from "./fakes.js";

const rows = [1, 2, 3];
const record = { lease: 2, incarnation: 1 };
const fresh = { lease: 0, incarnation: null };

for (const [verdict, known, reply] of [
  ["other", fresh, { lease: 1, incarnation: 1, ack: 0 }],
  ["stale", fresh, { lease: 1, incarnation: 1, ack: 2 }],
  ["same", record, { lease: 2, incarnation: 1, ack: 1 }],
  ["same", record, { lease: 2, incarnation: 1, ack: 3 }],
  ["stale", record, { lease: 2, incarnation: 1, ack: 4 }],
  ["other", record, { lease: 3, incarnation: 1, ack: 0 }],
  ["stale", record, { lease: 3, incarnation: 1, ack: 1 }],
  ["renew", record, { lease: 2, incarnation: 2, ack: 1 }],
  ["resend", record, { lease: 3, incarnation: 2, ack: 0 }],
  ["renew", record, { lease: 3, incarnation: 2, ack: 1 }],
]) {
  test(`${JSON.stringify(reply)} for ${JSON.stringify(known)} is ${verdict}`, () => {
    assert.equal(judgeLease(known, rows, reply), verdict);
  });
}

/** A server with rows under lease 1 of the writer that asks first; any other writer gets the next lease. */
function askedServer(ack) {
  const writers = [];
  const ask = async (writerId) => {
    const name = writerId.join();
    if (!writers.includes(name)) writers.push(name);
    const lease = writers.indexOf(name) + 1;
    return { lease, ack: lease === 1 ? ack : 0, incarnation: 1, answers: [[0, 3]], flags: [], now: 5000 };
  };
  return { ask, writers };
}

test("a number that the server has already is never given to another answer", async () => {
  // The disk failed after the lease was taken, two rows went to the server, and the page was loaded anew.
  const { attempt } = await makeAttempt();
  const { ask, writers } = askedServer(2);
  await settleLease(attempt, ask);
  await attempt.answer(7, 1);
  assert.equal(writers.length, 2);
  assert.deepEqual([attempt.record.lease, attempt.ack], [2, 0]);
  assert.deepEqual(attempt.pending.map(([seq, , item]) => [seq, item]), [[1, 7]]);
  assert.deepEqual(attempt.finalAnswers, [[0, 3], [7, 1]]);
});

test("a disk that fails does not keep the answers from the server", async () => {
  const { attempt, disk } = await makeAttempt();
  disk.fails = true;
  await settleLease(attempt, askedServer(2).ask);
  assert.deepEqual([attempt.record.lease, attempt.storageFails], [2, true]);
});

test("starting over sends what the server gave and every row again", async () => {
  const { attempt } = await makeAttempt();
  const { ask } = askedServer(0);
  await settleLease(attempt, ask);
  await attempt.answer(1, 2);
  await attempt.flag(1, true);
  attempt.acknowledge(2, 6000);
  await startOver(attempt, ask);
  const sent = attempt.pending.map(([seq, kind, item, response]) => [seq, kind, item, response]);
  assert.deepEqual(sent, [[1, ANSWER, 0, 3], [2, ANSWER, 1, 2], [3, FLAG, 1, true]]);
  assert.equal(attempt.record.lease, 2);
});
