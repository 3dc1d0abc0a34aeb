// The encodings of the integrity protocols: enc(), tagged SHA-256, canonical JSON of answers.

import { concat, utf8 } from "./bytes.js";

function u32(value) {
  return new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
}

function field(value) {
  if (value instanceof Uint8Array) return value;
  if (typeof value === "string") return utf8(value.normalize("NFC"));
  return concat(u32(Math.floor(value / 2 ** 32)), u32(value >>> 0));
}

/** enc(f1..fn): count, then each field behind its length; no two lists encode alike. */
export function enc(...fields) {
  const parts = [u32(fields.length)];
  for (const value of fields) {
    const bytes = field(value);
    parts.push(u32(bytes.length), bytes);
  }
  return concat(...parts);
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** H(tag, …) = SHA-256(enc(tag, …)). */
export function taggedHash(tag, ...fields) {
  return sha256(enc(tag, ...fields));
}

/**
 * Digest of the final answers as in the receipt. `answers` is [[item, response], …] by item; whole numbers and
 * texts only, for which JSON.stringify writes exactly the canonical form (RFC 8785).
 */
export function answersDigest(blind, answers) {
  return taggedHash("khaothi/answers/v1", blind, utf8(JSON.stringify(answers)));
}
