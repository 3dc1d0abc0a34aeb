// Meeting the server: for the first time on this machine, after a reload, after an outage.

import { NoConnection } from "./api.js";
import { Attempt } from "./attempt.js";
import { retryDelay } from "./backoff.js";
import { Refused } from "./connection.js";
import { settleLease } from "./leases.js";
import { pause } from "./pause.js";

export const SIGN_IN = "/thi/dang-nhap";

const never = () => new Promise(() => {});

async function restoreOrCreate({ store, clock }, state) {
  const known = await store.find(state.attempt).catch(() => null);
  // A copy that cannot be read any more is replaced; the server gives back what it has.
  const kept = known && (await Attempt.restore(store, clock, known).catch(() => null));
  clock.set(state.now);
  return kept ?? Attempt.create(store, clock, state);
}

/** Nothing usable lies on this machine: ask until the server says whose attempt this is. */
export async function meetFirst(app) {
  let said = null;
  for (let failures = 1; ; failures += 1) {
    try {
      return await restoreOrCreate(app, await app.connection.state());
    } catch (error) {
      if (error.status === 401) {
        location.replace(SIGN_IN);
        return never();
      }
      if (!(error instanceof NoConnection) && !(error instanceof Refused)) throw error;
      // Said once: the page is not drawn anew under the candidate's hands with every try.
      const name = error.code === "lease" ? "fenced" : "unreachable";
      if (name !== said) app.emit("waiting", (said = name));
      await pause(retryDelay(failures, error.body?.retry_ms));
    }
  }
}

/** Somebody else signed in on this machine: their attempt, their rows; ours stay where they are. */
async function changeAttempt({ store, clock }, state) {
  if (await store.find(state.attempt)) await store.makeCurrent(state.attempt);
  else await Attempt.create(store, clock, state);
  location.reload();
  return never();
}

/** The attempt is over on the server. What an outage left here is still sent: the council decides about it. */
async function meetTheEnd(app, state, same) {
  const { attempt, sync } = app;
  if (same) attempt.acknowledge(state.ack, state.now);
  if (state.submitted && same && attempt.submitted && !attempt.secret.receipt) {
    attempt.askReceiptAgain();
    return;
  }
  if (!same || !attempt.pending.length || state.submitted) sync.stop();
  // Past the deadline the phase is "closed" at once, but only `closed_by` says that the server has collected.
  const finished = !attempt.pending.length || state.phase === "result";
  if (finished && state.closed_by) await app.close(state.closed_by);
}

/** Take the server's state and settle the lease; ends the saving when the attempt is over. */
export async function meetAgain(app) {
  const state = await app.refreshState();
  const { attempt, connection } = app;
  if (state.attempt !== attempt.record.attempt) return changeAttempt(app, state);
  const same = state.lease === attempt.record.lease && state.incarnation === attempt.record.incarnation;
  if (state.phase === "closed" || state.phase === "result" || state.submitted) return meetTheEnd(app, state, same);
  app.forgetEnd();
  return settleLease(attempt, (writerId) => connection.lease(writerId));
}
