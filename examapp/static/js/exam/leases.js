// Meeting the server again: which lease this browser writes under, and what has to be sent once more.

import { rowsForBlanks, rowsForResend } from "./answers.js";

/**
 * What a lease reply means for the local copy.
 * "first": nothing was written here yet. "same": go on. "stale": the server has rows that this disk lost.
 * "resend": the server was restored and may have forgotten rows. "other": another browser has written since.
 */
export function judgeLease(record, rows, reply) {
  if (record.lease === 0) return "first";
  if (reply.incarnation !== record.incarnation) return reply.lease === record.lease ? "renew" : "resend";
  if (reply.lease !== record.lease) return "other";
  return reply.ack > rows.length ? "stale" : "same";
}

function baseOf(reply) {
  return { answers: reply.answers ?? [], flags: reply.flags ?? [] };
}

/** Take a fresh writer id: the next lease request then opens a new lease. */
async function freshWriter(attempt) {
  attempt.record.writerId = crypto.getRandomValues(new Uint8Array(16));
  await attempt.saveRecord();
}

/** Ask for the lease and bring the local copy in line. `ask(writerId)` returns the reply of the server. */
export async function settleLease(attempt, ask) {
  let reply = await ask(attempt.record.writerId);
  let verdict = judgeLease(attempt.record, attempt.rows, reply);
  if (verdict === "stale" || verdict === "renew") {
    await freshWriter(attempt);
    reply = await ask(attempt.record.writerId);
    verdict = verdict === "stale" ? "other" : "resend";
  }
  if (verdict === "same") {
    attempt.acknowledge(reply.ack, reply.now);
  } else if (verdict === "resend") {
    const plan = ({ secret, rows, clock }) => ({
      base: baseOf(reply),
      rows: rowsForResend(secret.base, rows, clock.now()),
    });
    await attempt.beginLease(reply, plan);
  } else {
    const plan = ({ rows, ack }) => ({ base: baseOf(reply), rows: rowsForBlanks(rows, ack, reply.answers ?? []) });
    await attempt.beginLease(reply, plan);
  }
  return verdict;
}

/** The server holds other content under one of our numbers: everything goes again under a new lease. */
export async function startOver(attempt, ask) {
  await freshWriter(attempt);
  const reply = await ask(attempt.record.writerId);
  const plan = ({ secret, rows, clock }) => ({
    base: baseOf(reply),
    rows: rowsForResend(secret.base, rows, clock.now()),
  });
  await attempt.beginLease(reply, plan);
}
