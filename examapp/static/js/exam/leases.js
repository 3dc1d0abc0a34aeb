// Meeting the server again: which lease this browser writes under, and what has to be sent once more.

import { rowsForBlanks, rowsForResend } from "./answers.js";

/**
 * What a lease reply means for the local copy.
 * "same": go on. "other": nothing was written here yet, or another browser has written since. "stale": the server has
 * rows of this writer that this disk lacks, so their numbers are taken. "resend": the server was restored and may have
 * forgotten rows; "renew": that, and the numbers are taken.
 */
export function judgeLease(record, rows, reply) {
  const own = reply.lease === record.lease;
  if (record.lease && reply.incarnation !== record.incarnation) return own || reply.ack ? "renew" : "resend";
  if (own && reply.ack <= rows.length) return "same";
  return reply.ack ? "stale" : "other";
}

function sendAgain({ secret, rows, clock }) {
  return rowsForResend(secret.base, rows, clock.now());
}

function fillBlanks({ rows, ack }, { answers }) {
  return rowsForBlanks(rows, ack, answers);
}

/** Take a fresh writer id, for which the server opens a new lease, and begin that. */
async function beginFresh(attempt, ask, plan) {
  attempt.record.writerId = crypto.getRandomValues(new Uint8Array(16));
  await attempt.keepRecord();
  await attempt.beginLease(await ask(attempt.record.writerId), plan);
}

/** Ask for the lease and bring the local copy in line. `ask(writerId)` returns the reply of the server. */
export async function settleLease(attempt, ask) {
  const reply = await ask(attempt.record.writerId);
  const verdict = judgeLease(attempt.record, attempt.rows, reply);
  const plan = verdict === "renew" || verdict === "resend" ? sendAgain : fillBlanks;
  if (verdict === "same") attempt.acknowledge(reply.ack, reply.now);
  else if (verdict === "stale" || verdict === "renew") await beginFresh(attempt, ask, plan);
  else await attempt.beginLease(reply, plan);
}

/** The server holds other content under one of our numbers: everything goes again under a new lease. */
export function startOver(attempt, ask) {
  return beginFresh(attempt, ask, sendAgain);
}
