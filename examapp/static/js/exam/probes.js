// What the waiting page finds out before it matters: can this machine keep answers, how far is its clock off.

import { DATABASE } from "./store.js";
import { deleteDatabase, openDatabase, read, write } from "./idb.js";
import { within } from "./pause.js";

const PROBE = `${DATABASE}-probe`;
const PROBE_MS = 20000;
export const CLOCK_TOLERANCE_MS = 60000;

async function tryStorage() {
  const token = crypto.randomUUID();
  let database = await openDatabase(PROBE, 1, (made) => made.createObjectStore("probe"));
  await write(database, ["probe"], (store) => store.put(token, "token"));
  database.close();
  database = await openDatabase(PROBE, 1, () => {});
  const found = await read(database, "probe", (store) => store.get("token"));
  database.close();
  await deleteDatabase(PROBE);
  return found === token;
}

/** Write, close, reopen, read back, delete. True only when this browser really keeps what it is given. */
export function probeStorage() {
  return within(PROBE_MS, tryStorage()).catch(() => false);
}

/** Ask the browser not to evict us when the disk is full; its answer changes nothing. */
export async function askPersistence() {
  await navigator.storage?.persist?.();
}
