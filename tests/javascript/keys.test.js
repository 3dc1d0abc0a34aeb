// Single keys: what they do inside a question, and that a key on which something lies counts once.

import assert from "node:assert/strict";
import { test } from "node:test";

import { listenKeys } from "../../examapp/static/js/exam/views/keys.js";

function pressed(options, ...events) {
  const done = [];
  const deeds = { options: () => options, closePalette: () => done.push("close") };
  for (const name of ["choose", "flag", "next", "previous"]) deeds[name] = (index) => done.push(index ?? name);
  let press;
  globalThis.document = { addEventListener: (_, listener) => (press = listener) };
  listenKeys(deeds);
  for (const event of events) press({ target: { closest: () => true }, preventDefault: () => {}, ...event });
  return done;
}

test("letters answer as far as there are options, F flags, with six options only with Shift", () => {
  const [b, e, f] = ["b", "e", "f"].map((key) => ({ key }));
  assert.deepEqual(pressed(4, b, e, f), [1, "flag"]);
  assert.deepEqual(pressed(6, b, e, f, { key: "F", shiftKey: true }), [1, 4, 5, "flag"]);
  assert.deepEqual(pressed(4, { key: "n", altKey: true }, { key: "Process", code: "KeyP", altKey: true }), ["next", "previous"]);
  assert.deepEqual(pressed(4, { key: "b", ctrlKey: true }, { key: "b", target: { closest: () => null } }), []);
});

test("a key that is held down counts once", () => {
  const held = ["f", "b"].flatMap((key) => [{ key }, { key, repeat: true }, { key, repeat: true }]);
  assert.deepEqual(pressed(4, ...held), ["flag", 1]);
});
