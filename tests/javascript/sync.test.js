// When the page asks the server: after a sleep at once, and never again once it has been stopped.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { App } from "../../examapp/static/js/exam/app.js";
import { request } from "../../examapp/static/js/exam/api.js";
import { loadSealed, obtainKey } from "../../examapp/static/js/exam/start.js";
import { Sync } from "../../examapp/static/js/exam/sync.js";
import { makeAttempt } from "./fakes.js";

globalThis.addEventListener ??= () => {};
globalThis.removeEventListener ??= () => {};

/** Let everything run that waits for nothing but its turn. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("after a sleep the server is asked at once, not with the next sign of life", async () => {
  const { attempt, clock } = await makeAttempt();
  attempt.record.incarnation = 1;
  const asked = [];
  const connection = {
    clock,
    setTrouble: () => {},
    saves: async (rows) => {
      asked.push(rows);
      return { status: 200, body: { ack: 0, now: 2000, closes_at: attempt.state.closes_at, incarnation: 1 } };
    },
  };
  mock.timers.enable({ apis: ["setTimeout"] });
  const sync = new Sync(attempt, connection, async () => {});
  const running = sync.run();
  await settled();
  assert.deepEqual(asked, [[]]);
  sync.hurry();
  await settled();
  assert.equal(asked.length, 2);
  sync.stop();
  await running;
  mock.timers.reset();
});

test("a page whose tab was taken over asks for no paper and no key, and keeps nothing", async () => {
  const app = new App();
  const { attempt } = await makeAttempt();
  app.take(attempt);
  app.connection.send = () => assert.fail("asked the server");
  app.halt("elsewhere");
  await Promise.all([loadSealed(app), obtainKey(app)]);
  await assert.rejects(app.store.saveProgress({}), /keeps nothing/);
});

test("a key that cannot be read is asked for again", async () => {
  const app = new App();
  const { attempt } = await makeAttempt();
  attempt.state.starts_at = 0;
  app.take(attempt);
  app.attempt.clock.set(1000);
  app.clock.set(1000);
  const faults = [];
  app.on("fault", (error) => faults.push(error));
  const replies = [{ status: 200, body: {} }, { status: 410, body: {} }];
  app.connection.send = async () => replies.shift();
  mock.method(Math, "random", () => 0);
  await obtainKey(app);
  mock.restoreAll();
  assert.deepEqual([faults.length, replies.length], [1, 0]);
});

test("a page of something on the way is no reply of the server", async () => {
  const answer = (status, text) => {
    globalThis.fetch = async () => new Response(text, { status });
    return request("GET", "state");
  };
  await assert.rejects(answer(200, "<html>Sign in to the network</html>"), /not JSON/);
  assert.deepEqual(await answer(200, '{"ack":1}'), { status: 200, body: { ack: 1 } });
  assert.deepEqual(await answer(502, "<html>Bad gateway</html>"), { status: 502, body: {} });
});
