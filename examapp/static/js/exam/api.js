// The server's candidate interface. A reply of any status is a value; only a missing reply throws.

const PREFIX = "/thi/api/";
const TIMEOUT_MS = 10000;

/** No reply came: cable out, server away, or too slow. */
export class NoConnection extends Error {}

export async function request(method, path, body) {
  const options = { method, cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT_MS) };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  try {
    const response = await fetch(PREFIX + path, options);
    const found = parse(await response.text());
    // What says "200" and is not of this server came from something on the way to it.
    if (response.status === 200 && !found) throw new Error("not JSON");
    return { status: response.status, body: found ?? {} };
  } catch (error) {
    throw new NoConnection(String(error));
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Fetch the sealed paper; `progress(share)` is told how far it is. Without one the bytes are null. */
export async function fetchSealed(progress) {
  try {
    const response = await fetch(`${PREFIX}sealed`, { credentials: "same-origin", signal: AbortSignal.timeout(120000) });
    if (response.status !== 200) return { status: response.status, bytes: null };
    const size = Number(response.headers.get("Content-Length")) || 0;
    const parts = [];
    let got = 0;
    for (const reader = response.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      got += value.length;
      if (size) progress(Math.min(1, got / size));
    }
    return { status: 200, bytes: new Uint8Array(await new Blob(parts).arrayBuffer()) };
  } catch (error) {
    throw new NoConnection(String(error));
  }
}
