// The browser's own copy of an attempt. Rows and names are encrypted under a key that cannot be exported;
// the paper lies here only as the sealed blob beside a key object, never as text.

import { deleteDatabase, openDatabase, read, write } from "./idb.js";
import { lockValue, unlockValue } from "./vault.js";

export const DATABASE = "khaothi-exam";
const CURRENT = "current";
/** Opening waits for a slow disk after a cold start. Where that was in vain, nobody waits as long again. */
const PATIENCE_MS = 15000;
const SHORT_PATIENCE_MS = 1000;

function upgrade(database) {
  database.createObjectStore("attempts", { keyPath: "attempt" });
  database.createObjectStore("progress", { keyPath: "attempt" });
  database.createObjectStore("rows", { keyPath: ["attempt", "lease", "seq"] });
  database.createObjectStore("meta");
}

function rowPlace(record, seq) {
  return `row/${record.attempt}/${record.lease}/${seq}`;
}

/** Rows as they are stored, each encrypted for its own place. */
function lockRows(record, rows) {
  const { attempt, lease, rowKey } = record;
  return Promise.all(
    rows.map(async (row) => {
      const [seq] = row;
      return { attempt, lease, seq, bytes: await lockValue(rowKey, row, rowPlace(record, seq)) };
    }),
  );
}

export class Store {
  database = null;
  opening = null;
  gone = false;
  patience = PATIENCE_MS;

  async #open() {
    const { patience } = this;
    this.patience = SHORT_PATIENCE_MS;
    const database = await openDatabase(DATABASE, 1, upgrade, patience);
    this.patience = PATIENCE_MS;
    const letGo = () => {
      database.close();
      if (this.database === database) this.database = null;
    };
    // Another page deletes the database, or site data was cleared: the next write opens a new one.
    database.onversionchange = letGo;
    database.onclose = letGo;
    this.database = database;
  }

  close() {
    this.database?.close();
    this.database = null;
  }

  /** One connection at a time: a second one that nobody closes would block the wipe. */
  async #ready() {
    if (this.gone) throw new Error("this page keeps nothing any more");
    while (!this.database) {
      this.opening ??= this.#open().finally(() => {
        this.opening = null;
      });
      await this.opening;
    }
    return this.database;
  }

  /** The attempt this browser was last working on, or null. */
  async current() {
    const database = await this.#ready();
    const attempt = await read(database, "meta", (store) => store.get(CURRENT));
    if (!attempt) return null;
    return (await read(database, "attempts", (store) => store.get(attempt))) ?? null;
  }

  async find(attempt) {
    return (await read(await this.#ready(), "attempts", (store) => store.get(attempt))) ?? null;
  }

  async progress(attempt) {
    return (await read(await this.#ready(), "progress", (store) => store.get(attempt))) ?? null;
  }

  /**
   * Store the record (keys, sealed paper) with `secret` encrypted and with all `rows` of its lease, as one; makes it the
   * current attempt.
   */
  async saveRecord(record, secret, rows) {
    const stored = { ...record };
    const sealed = lockRows(stored, rows);
    stored.box = await lockValue(record.rowKey, secret, `record/${record.attempt}`);
    const lines = await sealed;
    await write(await this.#ready(), ["attempts", "meta", "rows"], (attempts, meta, store) => {
      attempts.put(stored);
      meta.put(stored.attempt, CURRENT);
      for (const line of lines) store.put(line);
    });
  }

  async makeCurrent(attempt) {
    await write(await this.#ready(), ["meta"], (meta) => meta.put(attempt, CURRENT));
  }

  openSecret(record) {
    return unlockValue(record.rowKey, record.box, `record/${record.attempt}`);
  }

  async saveProgress(progress) {
    await write(await this.#ready(), ["progress"], (store) => store.put(progress));
  }

  /**
   * Add a row of the record's lease. `add` refuses a number that exists: a second writer never overwrites. A row
   * without its record (the database was cleared and made anew) could not be read again, so that fails too.
   */
  async addRow(record, row) {
    const [line] = await lockRows(record, [row]);
    await write(await this.#ready(), ["rows", "attempts"], (store, attempts) => {
      const known = attempts.count(record.attempt);
      known.onsuccess = () => known.result || known.transaction.abort();
      store.add(line);
    });
  }

  /** All rows of the record's lease, by number. */
  async rows(record) {
    const range = IDBKeyRange.bound([record.attempt, record.lease, 0], [record.attempt, record.lease, Infinity]);
    const stored = await read(await this.#ready(), "rows", (store) => store.getAll(range));
    return Promise.all(stored.map((item) => unlockValue(record.rowKey, item.bytes, rowPlace(record, item.seq))));
  }

  /** Read and write nothing from here on: another page does. */
  retire() {
    this.gone = true;
    this.close();
  }

  /** Delete the whole database: rows, keys and sealed paper of every attempt. */
  async destroy() {
    this.retire();
    await deleteDatabase(DATABASE);
  }
}
