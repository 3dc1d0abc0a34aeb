// From the waiting room to question 1: the sealed paper beforehand, its key at the programmed second.

import { NoConnection, fetchSealed } from "./api.js";
import { retryDelay } from "./backoff.js";
import { digestBytes, fromB64u, sameBytes } from "./bytes.js";
import { sha256 } from "./canonical.js";
import { pause, spread } from "./pause.js";
import { importPaperKey, openPaper } from "./vault.js";

const JITTER_MS = 300;
const NOT_DRAWN_MS = 15000;

function hasSealed({ record, state }) {
  return record.sealed !== null && (!state.sealed_digest || record.sealedDigest === state.sealed_digest);
}

/** Download the sealed paper until it lies on this machine, byte for byte what the server announced. */
export async function loadSealed(app) {
  const { attempt } = app;
  for (let failures = 0; !hasSealed(attempt) && !app.ended && !app.stop; ) {
    let wait = 0;
    try {
      // After a failure too: the paper may have been drawn anew since its digest was announced.
      if (!attempt.state.sealed_digest || failures) await app.refreshState();
      const { status, bytes } = await fetchSealed((share) => app.setProgress(share));
      if (status === 200 && (await isAnnounced(bytes, attempt.state.sealed_digest))) {
        Object.assign(attempt.record, { sealed: bytes.buffer, sealedDigest: attempt.state.sealed_digest });
        await attempt.keepRecord();
        break;
      }
      wait = status === 200 ? retryDelay((failures += 1)) : spread(NOT_DRAWN_MS);
    } catch (error) {
      if (!(error instanceof NoConnection) && error.status === undefined) throw error;
      wait = retryDelay((failures += 1));
    }
    await pause(wait);
  }
  app.refresh();
}

async function isAnnounced(bytes, digest) {
  return !digest || sameBytes(await sha256(bytes), digestBytes(digest));
}

/** Wait for the programmed start, fetch the key and keep it as an object that cannot be exported. */
export async function obtainKey(app) {
  const { attempt, clock, connection } = app;
  for (let failures = 0; !attempt.record.paperKey && !app.ended && !app.stop; ) {
    const left = attempt.state.starts_at - (clock.now() ?? -Infinity);
    if (left > 0) {
      await pause(Math.min(left, 1000));
      continue;
    }
    if (!failures) await pause(Math.random() * JITTER_MS);
    try {
      const { status, body } = await connection.send("POST", "key", {});
      if (status === 200) {
        attempt.record.paperKey = await importPaperKey(fromB64u(body.key));
        attempt.state.closes_at = body.closes_at;
        await attempt.keepRecord();
        return;
      }
      if (status === 410) return;
      if (status === 425) attempt.state.starts_at = body.starts_at;
      await pause(retryDelay((failures += 1), body.retry_ms));
    } catch (error) {
      // Whatever it is, nobody sits before a page that has given up.
      if (!(error instanceof NoConnection)) app.emit("fault", error);
      await pause(retryDelay((failures += 1)) / 2);
    }
  }
}

/** Open the paper in memory. A blob that does not open is fetched once more before anybody is alarmed. */
export async function unsealPaper(app) {
  const { attempt } = app;
  const { record, state } = attempt;
  for (const last of [false, true]) {
    try {
      const facts = { coreDigest: state.core_digest, attempt: record.attempt, digest: state.paper_digest };
      attempt.paper = await openPaper(record.paperKey, record.sealed, facts);
      return true;
    } catch {
      if (last || !navigator.onLine) return false;
      record.sealed = null;
      await loadSealed(app);
    }
  }
  return false;
}
