// Rows are on the disk before they are shown; when the disk fails none of them is lost, and none is left out later.

import assert from "node:assert/strict";
import { test } from "node:test";

import { ANSWER, FLAG, SUBMIT } from "../../examapp/static/js/exam/answers.js";
import { makeAttempt } from "./fakes.js";

test("a disk that failed for a while has every row again with the next one", async () => {
  const { attempt, disk } = await makeAttempt();
  await attempt.answer(0, 1);
  disk.fails = true;
  await attempt.answer(1, 1);
  assert.equal(attempt.storageFails, true);
  assert.equal(attempt.pending.length, 2);
  disk.fails = false;
  await attempt.answer(2, 1);
  assert.deepEqual(disk.numbers, [1, 2, 3]);
  assert.equal(attempt.storageFails, false);
});

test("a database made anew under the open page gets the rows with the record", async () => {
  const { attempt, disk } = await makeAttempt();
  await attempt.answer(0, 1);
  await attempt.answer(1, 1);
  disk.clear();
  await attempt.keepRecord();
  await attempt.answer(2, 1);
  assert.deepEqual(disk.numbers, [1, 2, 3]);
});

test("what could not be kept is said until it is kept, by whatever writes next", async () => {
  const { attempt, disk } = await makeAttempt();
  disk.fails = true;
  await attempt.keepRecord();
  await attempt.keepProgress();
  assert.equal(attempt.storageFails, true);
  disk.fails = false;
  await attempt.keepRecord();
  assert.equal(attempt.storageFails, false);
  assert.equal(disk.closed, 1);
});

test("a row of another writer stops this page", async () => {
  const { attempt, disk } = await makeAttempt();
  let taken = 0;
  attempt.on("taken", () => (taken += 1));
  disk.addRow = async () => {
    throw Object.assign(new Error("exists"), { name: "ConstraintError" });
  };
  await assert.rejects(attempt.answer(0, 1));
  assert.deepEqual([taken, attempt.rows.length], [1, 0]);
});

test("choosing the same again is no row, however fast the clicks come", async () => {
  const { attempt } = await makeAttempt();
  const clicks = [[0, 1], [0, 1], [0, 2], [0, 1], [3, null]].map(([item, response]) => attempt.answer(item, response));
  clicks.push(attempt.flag(0, true), attempt.flag(0, true), attempt.flag(0, false), attempt.submit(), attempt.answer(5, 1));
  await Promise.all(clicks);
  const rows = attempt.rows.map(([seq, kind, item, response]) => [seq, kind, item, response]);
  assert.deepEqual(rows, [
    [1, ANSWER, 0, 1], [2, ANSWER, 0, 2], [3, ANSWER, 0, 1], [4, FLAG, 0, true], [5, FLAG, 0, false], [6, SUBMIT, -1, null],
  ]);
});
