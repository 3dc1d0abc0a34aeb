// How long to wait and how much to send. Pure, so that a test can read every case.

const FIRST_MS = 1000;
const LONGEST_MS = 15000;
const JITTER = 0.3;

export const BATCH_ROWS = 64;
export const BATCH_BYTES = 60000;

/** Wait before try number `failures`: doubles to 15 s, spread so that a room does not come back in one instant. */
export function retryDelay(failures, asked = 0, random = Math.random) {
  const wait = Math.max(asked, Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1)));
  return Math.round(wait * (1 + JITTER * random()));
}

/** The next rows to send: at most 64 rows and 60 kB, and never more than `limit` rows. */
export function nextBatch(rows, limit = BATCH_ROWS) {
  const batch = [];
  let size = 0;
  for (const row of rows) {
    size += new TextEncoder().encode(JSON.stringify(row)).length + 1;
    if (batch.length >= Math.min(limit, BATCH_ROWS) || (batch.length && size > BATCH_BYTES)) break;
    batch.push(row);
  }
  return batch;
}
