// What a lease reply means for the copy on this machine.

import assert from "node:assert/strict";
import { test } from "node:test";

import { judgeLease } from "../../examapp/static/js/exam/leases.js";

const rows = [1, 2, 3];
const record = { lease: 2, incarnation: 1 };

for (const [verdict, known, reply] of [
  ["first", { lease: 0, incarnation: null }, { lease: 1, incarnation: 1, ack: 0 }],
  ["same", record, { lease: 2, incarnation: 1, ack: 1 }],
  ["same", record, { lease: 2, incarnation: 1, ack: 3 }],
  ["stale", record, { lease: 2, incarnation: 1, ack: 4 }],
  ["other", record, { lease: 3, incarnation: 1, ack: 0 }],
  ["renew", record, { lease: 2, incarnation: 2, ack: 1 }],
  ["resend", record, { lease: 3, incarnation: 2, ack: 0 }],
]) {
  test(`${JSON.stringify(reply)} for ${JSON.stringify(known)} is ${verdict}`, () => {
    assert.equal(judgeLease(known, rows, reply), verdict);
  });
}
