// Re-derives every test vector of draw/1 apart from the Python code: node scripts/check_draw.js [FILE]. Exit code 0 = all agree.
"use strict";
const { createHash, createHmac } = require("node:crypto");

const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32BE(n); return b; };
const u64 = (n) => { const b = Buffer.alloc(8); b.writeBigUInt64BE(BigInt(n)); return b; };
const raw = (f) => (Buffer.isBuffer(f) ? f : Buffer.from(f.normalize("NFC"), "utf8"));
const enc = (...fields) => Buffer.concat([u32(fields.length), ...fields.map(raw).flatMap((f) => [u32(f.length), f])]);
const hmac = (key, data) => createHmac("sha256", key).update(data).digest();
const hex = (text) => Buffer.from(text, "hex");

function stream(v, purpose) { // v: seed, test_id or test_id_hex, sbd
  const key = hmac(hex(v.seed), enc("khaothi/draw-stream/v1", v.test_id ?? hex(v.test_id_hex), v.sbd, purpose));
  let counter = 0, left = Buffer.alloc(0);
  const take = (size) => {
    while (left.length < size) left = Buffer.concat([left, hmac(key, u64(counter++))]);
    const taken = left.subarray(0, size); left = left.subarray(size); return taken;
  };
  const below = (n) => {
    for (const limit = Math.floor(2 ** 32 / n) * n; n > 1;) { const x = take(4).readUInt32BE(); if (x < limit) return x % n; }
    return 0;
  };
  const shuffle = (items, order = [...items]) => {
    for (let i = order.length - 1; i > 0; i--) { const j = below(i + 1); [order[i], order[j]] = [order[j], order[i]]; }
    return order;
  };
  return { take, below, shuffle };
}
function paper(v) {
  const picked = v.cells.flatMap((c) => stream(v, "pick/" + c.cell_id).shuffle(c.pool).slice(0, c.count));
  return stream(v, "order").shuffle(picked).map((q) => {
    const { count, pinned_last: pins } = v.options[q];
    const movable = [...Array(count).keys()].filter((i) => !pins.includes(i));
    return [q, [...stream(v, "options/" + q).shuffle(movable), ...[...pins].sort((a, b) => a - b)]];
  });
}

const file = process.argv[2] ?? require("node:path").join(__dirname, "../question_bank/assembly/vectors/draw_1.json");
const vectors = JSON.parse(require("node:fs").readFileSync(file, "utf8"));
const wrong = [];
const same = (name, got, want) => { if (JSON.stringify(got) !== JSON.stringify(want)) wrong.push(name); };
vectors.openings.forEach((v, i) => {
  const digest = createHash("sha256").update(enc("khaothi/draw-commit/v1", hex(v.core0_digest), hex(v.S))).digest("hex");
  const seed = hmac(hex(v.S), enc("khaothi/draw-seed/v1", hex(v.core_digest), hex(v.roster_final), v.E)).toString("hex");
  same(`openings[${i}]`, [digest, seed], [v.commit, v.seed]);
});
vectors.streams.forEach((v, i) => {
  const fresh = stream(v, v.purpose);
  same(`streams[${i}].bytes`, stream(v, v.purpose).take(v.bytes.length / 2).toString("hex"), v.bytes);
  if (v.below) same(`streams[${i}].below`, v.below.results.map(() => fresh.below(v.below.bound)), v.below.results);
  if (v.shuffle) same(`streams[${i}].shuffle`, stream(v, v.purpose).shuffle(v.shuffle.map((_, place) => place)), v.shuffle);
});
vectors.papers.forEach((v, i) => same(`papers[${i}]`, paper(v), v.paper));
wrong.forEach((name) => console.error(`DIFFERENT ${name}`));
const total = vectors.openings.length + vectors.streams.length + vectors.papers.length;
console.log(`${total} vectors of ${vectors.algorithm}, ${wrong.length} differences`);
process.exit(wrong.length || !total ? 1 : 0);
