// What rows mean: answers, flags, where each of them lies, and what is sent again under a new lease.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ANSWER, FLAG, SUBMIT, countItems, emptyBase, finalAnswers, fold, itemState, rowsForBlanks, rowsForResend,
} from "../../examapp/static/js/exam/answers.js";

const row = (seq, item, response, time = seq * 10) => [seq, ANSWER, item, response, time];

test("an answer is on the server only when its own row is acknowledged", () => {
  const rows = [row(1, 0, 2), row(2, 1, 0), row(3, 0, 3)];
  const places = (ack, sent) => {
    const view = fold(emptyBase(), rows, ack, sent);
    return [view.answers.get(0).place, view.answers.get(1).place];
  };
  assert.deepEqual(places(0, 0), ["local", "local"]);
  assert.deepEqual(places(1, 2), ["local", "sent"]);
  assert.deepEqual(places(2, 3), ["sent", "server"]);
  assert.deepEqual(places(3, 3), ["server", "server"]);
});

test("a cleared answer is no answer, and waits until the server knows", () => {
  const rows = [row(1, 4, 1), row(2, 4, null)];
  assert.deepEqual(itemState(fold(emptyBase(), rows, 1), 4), {
    response: null, answered: false, onServer: false, waiting: true, flagged: false,
  });
  assert.deepEqual(finalAnswers(emptyBase(), rows), []);
});

test("final answers are sorted by item, the last row wins, rows after the submission do not count", () => {
  const rows = [row(1, 7, 0), row(2, 3, 1), row(3, 7, 2), [4, SUBMIT, -1, null, 40], row(5, 3, 0)];
  assert.deepEqual(finalAnswers({ answers: [[9, 1], [3, 3]], flags: [] }, rows), [[3, 1], [7, 2], [9, 1]]);
});

test("the legend adds up to the number of questions", () => {
  const rows = [row(1, 0, 1), row(2, 1, 1), row(3, 2, 1), row(4, 2, null), [5, FLAG, 9, true, 50]];
  const counts = countItems(fold(emptyBase(), rows, 1), 10);
  assert.deepEqual(counts, { server: 1, local: 2, blank: 7, flagged: 1, answered: 2 });
  assert.equal(counts.server + counts.local + counts.blank, 10);
});

test("everything known is sent again: what the server gave first, then the rows, numbered anew, times never back", () => {
  const base = { answers: [[5, 2]], flags: [6] };
  const rows = rowsForResend(base, [row(1, 0, 1, 100), row(2, 1, 2, 90)], 7);
  assert.deepEqual(rows, [
    [1, ANSWER, 5, 2, 100], [2, FLAG, 6, true, 100], [3, ANSWER, 0, 1, 100], [4, ANSWER, 1, 2, 100],
  ]);
});

test("under another browser's lease only blanks are filled: nothing is overridden", () => {
  const rows = [row(1, 0, 1), row(2, 1, 1), row(3, 2, 1), row(4, 2, 3), row(5, 3, 1), row(6, 3, null)];
  assert.deepEqual(rowsForBlanks(rows, 1, [[1, 0]]), [[1, ANSWER, 2, 3, 40]]);
});
