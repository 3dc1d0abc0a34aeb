// A browser whose store has got stuck never answers; the page goes on without it.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { openDatabase, write } from "../../examapp/static/js/exam/idb.js";
import { Store } from "../../examapp/static/js/exam/store.js";

function stuck(name) {
  const request = {};
  globalThis.indexedDB = { [name]: () => request };
  mock.timers.enable({ apis: ["setTimeout"] });
  return request;
}

test("an open that never answers fails, and a connection that comes too late is let go", async () => {
  const request = stuck("open");
  const opening = openDatabase("a", 1, () => {});
  mock.timers.tick(15000);
  await assert.rejects(opening, /no answer/);
  mock.timers.reset();
  let closed = 0;
  request.result = { close: () => (closed += 1) };
  request.onsuccess();
  assert.equal(closed, 1);
});

test("only the first look waits long for a store that does not answer", async () => {
  stuck("open");
  const store = new Store();
  for (const wait of [15000, 1000]) {
    const looking = store.current();
    mock.timers.tick(wait);
    await assert.rejects(looking, /no answer/);
  }
  mock.timers.reset();
});

test("a write that never ends fails after a few seconds: the answer goes to the server from memory", async () => {
  stuck("open");
  const database = { transaction: () => ({ objectStore: () => ({}) }) };
  const writing = write(database, ["rows"], () => {});
  mock.timers.tick(5000);
  await assert.rejects(writing, /no answer/);
  mock.timers.reset();
});
