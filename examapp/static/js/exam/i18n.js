// Sentences: Vietnamese in the source, other languages from a catalogue; numbers and times in the Vietnamese form.

const HOUR_MS = 3600000;
/** Exams are held and dated in Vietnam, whatever zone this machine is set to. */
const ZONE_MS = 7 * HOUR_MS;
const CATALOGUE_WAIT_MS = 3000;
let catalogue = {};

/** Load the catalogue of the chosen language; without it the page speaks Vietnamese. */
export async function loadLanguage() {
  if (document.documentElement.lang !== "en") return;
  const link = document.querySelector('meta[name="catalogue-en"]');
  if (!link) return;
  try {
    const reply = await fetch(link.content, { signal: AbortSignal.timeout(CATALOGUE_WAIT_MS) });
    catalogue = await reply.json();
  } catch {
    catalogue = {};
  }
}

function fill(text, params) {
  return text.replace(/%\((\w+)\)s/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** The sentence in the page's language, with its %(name)s places filled. */
export function t(text, params = {}) {
  return fill(catalogue[text] ?? text, params);
}

/** A translated sentence as nodes: places named in `nodes` become elements, the rest is text. */
export function weave(text, nodes) {
  return text.split(/(%\(\w+\)s)/).map((part) => nodes[/^%\((\w+)\)s$/.exec(part)?.[1]] ?? part);
}

function two(value) {
  return String(value).padStart(2, "0");
}

function local(time) {
  return new Date(time + ZONE_MS);
}

/** 08:17:42 */
export function clockText(time) {
  const moment = local(time);
  return `${two(moment.getUTCHours())}:${two(moment.getUTCMinutes())}:${two(moment.getUTCSeconds())}`;
}

/** 08 giờ 00 */
export function hourText(time) {
  const moment = local(time);
  return t("%(hour)s giờ %(minute)s", { hour: two(moment.getUTCHours()), minute: two(moment.getUTCMinutes()) });
}

/** sáng 12/12/2026 */
export function dayText(time) {
  const moment = local(time);
  const date = `${two(moment.getUTCDate())}/${two(moment.getUTCMonth() + 1)}/${moment.getUTCFullYear()}`;
  const hour = moment.getUTCHours();
  if (hour < 12) return t("sáng %(date)s", { date });
  return hour < 18 ? t("chiều %(date)s", { date }) : t("tối %(date)s", { date });
}

/** 1998-03-09 becomes 09/03/1998; anything else stays. */
export function dateText(text) {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? "");
  return match ? `${match[3]}/${match[2]}/${match[1]}` : (text ?? "");
}

/** 42:18, or 1:42:18 from 100 minutes on. */
export function leftText(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 100) return `${two(minutes)}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** 50 % for "1/2"; a share that no whole percentage says stays as it is, because a rounded one would be untrue. */
export function shareText(share) {
  const [above, below] = share.split("/").map(Number);
  const percent = (100 * above) / (below || 1);
  return Number.isInteger(percent) ? `${percent}\u00a0%` : share;
}
