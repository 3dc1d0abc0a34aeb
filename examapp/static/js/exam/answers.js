// What the rows mean: the answers, the flags, and where each of them lies. No browser, no network.
// A row is [seq, kind, item, response, client_ms], exactly as it is sent.

export const ANSWER = 1;
export const FLAG = 2;
export const SUBMIT = 3;

/** What the server held when this lease began. */
export function emptyBase() {
  return { answers: [], flags: [] };
}

function place(seq, ack, sent) {
  if (seq <= ack) return "server";
  return seq <= sent ? "sent" : "local";
}

/** Fold base and rows into answers and flags by item; each answer says where it lies: local, sent or server. */
export function fold(base, rows, ack, sent = ack) {
  const answers = new Map(base.answers.map(([item, response]) => [item, { response, place: "server" }]));
  const flags = new Set(base.flags);
  const waiting = new Set();
  let submitted = false;
  for (const [seq, kind, item, response] of rows) {
    if (kind === SUBMIT) submitted = true;
    if (submitted) continue;
    if (seq > ack) waiting.add(item);
    if (kind === ANSWER) answers.set(item, { response, place: place(seq, ack, sent) });
    if (kind === FLAG && response) flags.add(item);
    if (kind === FLAG && !response) flags.delete(item);
  }
  return { answers, flags, waiting };
}

/** [[item, response], …] by item, cleared answers left out: what the receipt is about. */
export function finalAnswers(base, rows) {
  const { answers } = fold(base, rows, 0);
  return [...answers]
    .filter(([, answer]) => answer.response !== null)
    .map(([item, answer]) => [item, answer.response])
    .sort(([left], [right]) => left - right);
}

/** The state of one question for palette and screen reader. */
export function itemState(view, item) {
  const answer = view.answers.get(item);
  return {
    response: answer?.response ?? null,
    answered: answer !== undefined && answer.response !== null,
    onServer: answer !== undefined && answer.response !== null && answer.place === "server",
    waiting: answer !== undefined && answer.place !== "server",
    flagged: view.flags.has(item),
  };
}

/** Numbers of the legend; server + local + blank is always the number of questions. */
export function countItems(view, total) {
  const counts = { server: 0, local: 0, blank: 0, flagged: 0, answered: 0 };
  for (let item = 0; item < total; item += 1) {
    const state = itemState(view, item);
    if (state.waiting) counts.local += 1;
    else if (state.onServer) counts.server += 1;
    else counts.blank += 1;
    if (state.answered) counts.answered += 1;
    if (state.flagged) counts.flagged += 1;
  }
  return counts;
}

/** Number rows anew from 1; their times stay as they were and never go back. */
function renumber(rows) {
  let last = 0;
  return rows.map(([, kind, item, response, time], index) => {
    last = Math.max(last, time);
    return [index + 1, kind, item, response, last];
  });
}

/** Everything this browser knows as rows of a new lease: the server may have forgotten any of it. */
export function rowsForResend(base, rows, now) {
  const time = rows.length ? rows[0][4] : now;
  const answers = base.answers.map(([item, response]) => [0, ANSWER, item, response, time]);
  const flags = base.flags.map((item) => [0, FLAG, item, true, time]);
  return renumber([...answers, ...flags, ...rows]);
}

/** Unacknowledged answers to questions that the server holds blank: nothing is lost, nothing is overridden. */
export function rowsForBlanks(rows, ack, answered) {
  const taken = new Set(answered.map(([item]) => item));
  const last = new Map();
  for (const row of rows) {
    if (row[0] > ack && row[1] === ANSWER && !taken.has(row[2])) last.set(row[2], row);
  }
  return renumber([...last.values()].filter((row) => row[3] !== null).sort((a, b) => a[0] - b[0]));
}
