// The browser's own copy of an attempt. Rows and names are encrypted under a key that cannot be exported;
// the paper lies here only as the sealed blob beside a key object, never as text.

import { deleteDatabase, openDatabase, read, write } from "./idb.js";
import { lockValue, unlockValue } from "./vault.js";

export const DATABASE = "khaothi-exam";
const CURRENT = "current";

function upgrade(database) {
  database.createObjectStore("attempts", { keyPath: "attempt" });
  database.createObjectStore("progress", { keyPath: "attempt" });
  database.createObjectStore("rows", { keyPath: ["attempt", "lease", "seq"] });
  database.createObjectStore("meta");
}

function rowPlace(record, seq) {
  return `row/${record.attempt}/${record.lease}/${seq}`;
}

export class Store {
  database = null;
  opening = null;
  gone = false;

  async #open() {
    const database = await openDatabase(DATABASE, 1, upgrade);
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
    if (this.gone) throw new Error("the attempt was wiped from this machine");
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

  /** Store the record (keys, sealed paper) with `secret` encrypted; makes it the current attempt. */
  async saveRecord(record, secret) {
    const box = await lockValue(record.rowKey, secret, `record/${record.attempt}`);
    const stored = { ...record, box };
    await write(await this.#ready(), ["attempts", "meta"], (attempts, meta) => {
      attempts.put(stored);
      meta.put(record.attempt, CURRENT);
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
   * Add rows of the record's lease. `add` refuses a number that exists: a second writer never overwrites. Rows
   * without their record (the database was cleared and made anew) could not be read again, so that fails too.
   */
  async addRows(record, rows, { replace = false } = {}) {
    const sealed = await Promise.all(
      rows.map(async (row) => ({
        attempt: record.attempt,
        lease: record.lease,
        seq: row[0],
        bytes: await lockValue(record.rowKey, row, rowPlace(record, row[0])),
      })),
    );
    await write(await this.#ready(), ["rows", "attempts"], (store, attempts) => {
      const known = attempts.count(record.attempt);
      known.onsuccess = () => known.result || known.transaction.abort();
      for (const item of sealed) {
        if (replace) store.put(item);
        else store.add(item);
      }
    });
  }

  /** All rows of the record's lease, by number. */
  async rows(record) {
    const range = IDBKeyRange.bound([record.attempt, record.lease, 0], [record.attempt, record.lease, Infinity]);
    const stored = await read(await this.#ready(), "rows", (store) => store.getAll(range));
    return Promise.all(stored.map((item) => unlockValue(record.rowKey, item.bytes, rowPlace(record, item.seq))));
  }

  /** Delete the whole database: rows, keys and sealed paper of every attempt. */
  async destroy() {
    this.gone = true;
    this.close();
    await deleteDatabase(DATABASE);
  }
}
