// After the end: wait until the sitting is sealed and marked, show the result, then leave nothing behind.

import { Refused } from "./connection.js";
import { NoConnection } from "./api.js";
import { releaseLock } from "./lock.js";
import { pause, spread } from "./pause.js";
import { wipeOrigin } from "./wipe.js";

/** The deadline is one instant for the whole room; its pages do not ask in that instant. */
const FIRST_ASK_MS = 500;
const FIRST_ASK_SPREAD = 4;
const BEFORE_END_MS = 45000;
const AFTER_END_MS = 12000;

/** Ask from time to time until there is a result. Notices a server that was restored and forgot the submission. */
export async function watchOutcome(app) {
  for (let first = true; !app.result && !app.stop; first = false) {
    const over = app.clock.now() >= app.attempt.state.closes_at;
    await pause(first ? spread(FIRST_ASK_MS, FIRST_ASK_SPREAD) : spread(over ? AFTER_END_MS : BEFORE_END_MS));
    try {
      const state = await app.refreshState();
      if (state.result_available || state.phase === "result") await showResult(app);
      else if (state.phase === "open" && !state.submitted && !app.timeOver) return "open";
      else if (state.closed_by && !app.attempt.secret.closedBy) await closeQuietly(app, state.closed_by);
    } catch (error) {
      if (!(error instanceof NoConnection) && !(error instanceof Refused)) throw error;
    }
  }
  return "result";
}

/** The server has closed the attempt; rows that are still here are sent before the page says so. */
async function closeQuietly(app, closedBy) {
  if (!app.attempt.pending.length) await app.close(closedBy);
}

async function showResult(app) {
  const result = await app.connection.ask("GET", "result");
  const rows = app.attempt.rows.length;
  app.sync?.stop();
  app.summary = { rows, savedAt: app.attempt.savedAt, receipt: app.attempt.secret.receipt };
  app.result = result;
  app.refresh();
  app.wiped = await wipeOrigin(app.store);
  releaseLock();
  app.refresh();
  if (app.wiped) await app.connection.send("POST", "wiped", {}).catch(() => {});
}
