// Keys that never leave the browser: rows are stored encrypted, the paper is opened in memory only.

import { concat, digestBytes, sameBytes, utf8, uuidBytes } from "./bytes.js";
import { enc, taggedHash } from "./canonical.js";

const PAPER_TAG = "khaothi/attempt-paper/v1";
const DIGEST_TAG = "khaothi/paper/v1";
const NONCE_SIZE = 12;

/** A key for this browser's rows; not extractable, so deleting the database is the wipe. */
export function makeRowKey() {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

export function importPaperKey(bytes) {
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["decrypt"]);
}

/** Encrypt a JSON value; `place` binds it to where it is stored. */
export async function lockValue(key, value, place) {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_SIZE));
  const algorithm = { name: "AES-GCM", iv, additionalData: utf8(place) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, utf8(JSON.stringify(value))));
  return concat(iv, sealed);
}

export async function unlockValue(key, bytes, place) {
  const algorithm = { name: "AES-GCM", iv: bytes.slice(0, NONCE_SIZE), additionalData: utf8(place) };
  const plain = await crypto.subtle.decrypt(algorithm, key, bytes.slice(NONCE_SIZE));
  return JSON.parse(new TextDecoder().decode(plain));
}

/**
 * Open the sealed paper (nonce ‖ ciphertext ‖ tag). Throws when key, attempt and package do not belong together, or
 * when it is not the paper whose digest was announced before the start.
 */
export async function openPaper(key, sealed, { coreDigest, attempt, digest }) {
  const bytes = new Uint8Array(sealed);
  const additionalData = enc(PAPER_TAG, digestBytes(coreDigest), uuidBytes(attempt));
  const algorithm = { name: "AES-GCM", iv: bytes.slice(0, NONCE_SIZE), additionalData };
  const plain = new Uint8Array(await crypto.subtle.decrypt(algorithm, key, bytes.slice(NONCE_SIZE)));
  let end = plain.length;
  while (end > 0 && plain[end - 1] === 0) end -= 1;
  const paper = plain.subarray(0, end);
  const found = await taggedHash(DIGEST_TAG, paper);
  if (digest && !sameBytes(found, digestBytes(digest))) throw new Error("another paper than announced");
  return JSON.parse(new TextDecoder().decode(paper));
}
