// Bytes and their texts: base64url without padding, hex, UUID.

const encoder = new TextEncoder();

export function utf8(text) {
  return encoder.encode(text);
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function toB64u(bytes) {
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

export function fromB64u(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function uuidBytes(text) {
  return fromHex(text.replaceAll("-", ""));
}

/** A SHA-256 value written as 64 hex digits or as 43 characters of base64url. */
export function digestBytes(text) {
  return text.length === 64 ? fromHex(text) : fromB64u(text);
}

export function sameBytes(left, right) {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
