// IndexedDB as promises. A write is over when its transaction is durable, not when the request succeeded.
// A store that has got stuck never answers: after a while that is a failure like any other.

import { within } from "./pause.js";

const READ_MS = 15000;
/** An answer that was clicked may not wait as long as the first look at a slow disk. */
const WRITE_MS = 5000;

export async function openDatabase(name, version, upgrade, patience = READ_MS) {
  let given = false;
  const opening = new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = () => upgrade(request.result);
    // A connection that comes too late belongs to nobody and would block the wipe.
    request.onsuccess = () => (given ? request.result.close() : resolve(request.result));
    request.onerror = () => reject(request.error);
  });
  try {
    return await within(patience, opening);
  } finally {
    given = true;
  }
}

/** Run `deed(stores)` in one strict read-write transaction and wait until it is on disk. */
export function write(database, names, deed) {
  const written = new Promise((resolve, reject) => {
    const transaction = database.transaction(names, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onerror = (event) => reject(event.target.error);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    deed(...names.map((name) => transaction.objectStore(name)));
  });
  return within(WRITE_MS, written);
}

export function read(database, name, deed) {
  const found = new Promise((resolve, reject) => {
    const request = deed(database.transaction(name).objectStore(name));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return within(READ_MS, found);
}

/** Delete a database; while another page holds it, this waits until that has let go on `versionchange`. */
export function deleteDatabase(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}
