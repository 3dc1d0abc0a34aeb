// After the result nothing stays, and what cannot be deleted is not waited for without end.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { wipeOrigin } from "../../examapp/static/js/exam/wipe.js";

function origin() {
  const cleared = [];
  const store = (name) => ({ clear: () => cleared.push(name) });
  globalThis.caches = { keys: async () => ["shell"], delete: async (name) => cleared.push(name) };
  globalThis.indexedDB = { databases: async () => [] };
  const unregister = async () => cleared.push("worker");
  Object.defineProperty(globalThis, "navigator", {
    configurable: true,
    value: { serviceWorker: { getRegistrations: async () => [{ unregister }] } },
  });
  Object.assign(globalThis, { localStorage: store("local"), sessionStorage: store("session") });
  return cleared;
}

test("every store of the origin is cleared", async () => {
  const cleared = origin();
  assert.equal(await wipeOrigin({ destroy: async () => cleared.push("database") }), true);
  assert.deepEqual(cleared, ["database", "shell", "worker", "local", "session"]);
});

test("a database that another page holds makes the wipe incomplete, and the rest is cleared", async () => {
  const cleared = origin();
  mock.timers.enable({ apis: ["setTimeout"] });
  const wiping = wipeOrigin({ destroy: () => new Promise(() => {}) });
  mock.timers.tick(15000);
  assert.equal(await wiping, false);
  mock.timers.reset();
  assert.deepEqual(cleared, ["shell", "worker", "local", "session"]);
});
