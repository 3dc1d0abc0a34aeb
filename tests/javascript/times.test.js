// Clock, waits, thresholds and the Vietnamese form of times and numbers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { BATCH_BYTES, nextBatch, retryDelay } from "../../examapp/static/js/exam/backoff.js";
import { Clock } from "../../examapp/static/js/exam/clock.js";
import { clockText, dateText, dayText, leftText, shareText } from "../../examapp/static/js/exam/i18n.js";
import { passedThreshold } from "../../examapp/static/js/exam/thresholds.js";

const HOUR = 3600000;

function machine(wallError) {
  const at = { monotonic: 50, wall: 1000000 + wallError };
  const clock = new Clock(() => at.monotonic, () => at.wall);
  const pass = (milliseconds) => {
    at.monotonic += milliseconds;
    at.wall += milliseconds;
  };
  return { at, clock, pass };
}

for (const error of [0, HOUR, -HOUR]) {
  test(`a wall clock wrong by ${error / HOUR} h changes nothing, not even over a reload`, () => {
    const { clock, pass, at } = machine(error);
    clock.set(5000);
    pass(250);
    assert.equal(clock.now(), 5250);
    const snapshot = clock.snapshot();
    pass(4000);
    at.monotonic = 3;
    const next = new Clock(() => at.monotonic, () => at.wall);
    next.restore(snapshot);
    assert.equal(next.now(), 9250);
    pass(100);
    assert.equal(next.now(), 9350);
  });
}

test("a wall clock set back between two pages does not turn time back", () => {
  const { clock, at } = machine(0);
  clock.set(5000);
  const snapshot = clock.snapshot();
  at.wall -= HOUR;
  const next = new Clock(() => 0, () => at.wall);
  next.restore(snapshot);
  assert.equal(next.now(), 5000);
});

test("a slow reply does not turn time back, and the server's word holds as far as it can be right", () => {
  const { clock, pass } = machine(0);
  clock.set(5000, 20);
  pass(10000);
  // Written when it was 7000 for this page, and eight seconds on its way: it is 15000 at the latest.
  clock.set(7000, 8000);
  assert.equal(clock.now(), 15000);
  clock.set(15500, 100);
  assert.equal(clock.now(), 15500);
  // The page was ahead of what the server can have meant.
  clock.set(12000, 100);
  assert.equal(clock.now(), 12100);
});

test("a sleep, in which the timer stands still, is noticed once", () => {
  const { clock, pass, at } = machine(HOUR);
  pass(60000);
  assert.equal(clock.jumped(), false);
  at.wall += 20 * 60000;
  assert.equal(clock.jumped(), true);
  assert.equal(clock.jumped(), false);
});

test("retries double up to fifteen seconds, spread, and never come sooner than the server asked", () => {
  const none = () => 0;
  assert.deepEqual([1, 2, 3, 4, 5, 9].map((failures) => retryDelay(failures, 0, none)), [1000, 2000, 4000, 8000, 15000, 15000]);
  assert.equal(retryDelay(1, 6000, none), 6000);
  assert.equal(retryDelay(1, 0, () => 1), 1300);
});

test("a batch holds at most 64 rows and 60 kB, and at least one row", () => {
  const rows = Array.from({ length: 100 }, (_, index) => [index + 1, 1, index, 0, 1]);
  assert.equal(nextBatch(rows).length, 64);
  assert.equal(nextBatch(rows, 10).length, 10);
  assert.deepEqual(nextBatch([]), []);
  const long = [[1, 1, 0, "ư".repeat(BATCH_BYTES), 1], [2, 1, 0, 0, 1]];
  assert.equal(nextBatch(long).length, 1);
});

test("thresholds are passed once, and a sleep over several says the last", () => {
  const minute = 60000;
  assert.equal(passedThreshold(null, 4 * minute), null);
  assert.equal(passedThreshold(30 * minute + 1, 30 * minute), 30);
  assert.equal(passedThreshold(30 * minute, 30 * minute - 1000), null);
  assert.equal(passedThreshold(12 * minute, 4 * minute), 5);
  assert.equal(passedThreshold(2 * minute, -1), null);
});

test("times are Vietnamese whatever the zone of the machine", () => {
  const moment = Date.UTC(2026, 11, 12, 1, 17, 42);
  assert.equal(clockText(moment), "08:17:42");
  assert.equal(dayText(moment), "sáng 12/12/2026");
  assert.equal(dayText(moment + 5 * HOUR), "chiều 12/12/2026");
  assert.equal(dateText("1998-03-09"), "09/03/1998");
  assert.equal(dateText("1998"), "1998");
  assert.deepEqual([42 * 60000 + 18000, 1, 0, -5, 102 * 60000].map(leftText), ["42:18", "00:01", "00:00", "00:00", "1:42:00"]);
  assert.deepEqual(["1/2", "1/3", "3/4"].map(shareText), ["50\u00a0%", "1/3", "75\u00a0%"]);
});
