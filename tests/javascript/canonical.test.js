// The same constructions as the server's; the expected bytes are the vectors of the protocols and of an own count.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fromB64u, fromHex, toB64u, toHex, utf8, uuidBytes } from "../../examapp/static/js/exam/bytes.js";
import { answersDigest, enc } from "../../examapp/static/js/exam/canonical.js";
import { lockValue, makeRowKey, openPaper, unlockValue } from "../../examapp/static/js/exam/vault.js";

test("enc is injective framing", () => {
  assert.equal(toHex(enc("a", "bc")), "0000000200000001" + "61" + "00000002" + "6263");
  assert.notEqual(toHex(enc("ab", "c")), toHex(enc("a", "bc")));
  assert.equal(toHex(enc(7)), "00000001" + "00000008" + "0000000000000007");
  assert.equal(toHex(enc(2 ** 40 + 5)), "00000001" + "00000008" + "0000010000000005");
  // Composed and decomposed letters are one text.
  assert.equal(toHex(enc("a\u0302")), toHex(enc("\u00e2")));
});

test("texts of bytes go there and back", () => {
  for (const hex of ["", "00", "fb", "fbff", "fbfffe", "00".repeat(32)]) {
    assert.equal(toHex(fromB64u(toB64u(fromHex(hex)))), hex);
  }
  assert.equal(toB64u(fromHex("fbff")), "-_8");
  assert.equal(uuidBytes("01234567-89ab-cdef-0123-456789abcdef").length, 16);
});

test("the digest of answers is what the server computes", async () => {
  const digest = await answersDigest(new Uint8Array(32), [[0, 1], [3, 2]]);
  // hashlib.sha256 over the same framing, written out by hand.
  const tag = "khaothi/answers/v1";
  const text = "[[0,1],[3,2]]";
  const frame = (bytes) => bytes.length.toString(16).padStart(8, "0") + toHex(bytes);
  const whole = fromHex("00000003" + frame(utf8(tag)) + frame(new Uint8Array(32)) + frame(utf8(text)));
  const expected = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  assert.equal(toHex(digest), toHex(expected));
});

test("a stored row opens only in its own place and its key cannot leave the browser", async () => {
  const key = await makeRowKey();
  const bytes = await lockValue(key, [1, 1, 0, 2, 5], "row/a/1/1");
  assert.deepEqual(await unlockValue(key, bytes, "row/a/1/1"), [1, 1, 0, 2, 5]);
  await assert.rejects(unlockValue(key, bytes, "row/a/1/2"));
  await assert.rejects(crypto.subtle.exportKey("raw", key));
});

test("a paper opens only with its key, its attempt, its package and the announced digest", async () => {
  const attempt = "01234567-89ab-cdef-0123-456789abcdef";
  const core = fromHex("11".repeat(32));
  const text = utf8('{"items":[]}');
  const raw = fromHex("22".repeat(32));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const additionalData = enc("khaothi/attempt-paper/v1", core, uuidBytes(attempt));
  const padded = new Uint8Array(1024);
  padded.set(text);
  const iv = new Uint8Array(12);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, padded));
  const blob = new Uint8Array([...iv, ...sealed]).buffer;
  const whole = new Uint8Array(await crypto.subtle.digest("SHA-256", enc("khaothi/paper/v1", text)));
  const facts = { coreDigest: toB64u(core), attempt, digest: toB64u(whole) };
  assert.deepEqual(await openPaper(key, blob, facts), { items: [] });
  await assert.rejects(openPaper(key, blob, { ...facts, attempt: attempt.replace("0", "1") }));
  await assert.rejects(openPaper(key, blob, { ...facts, coreDigest: toB64u(fromHex("33".repeat(32))) }));
  await assert.rejects(openPaper(key, blob, { ...facts, digest: toB64u(core) }), /another paper/);
});
