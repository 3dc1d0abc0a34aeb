// A passage shared by several questions stays in place while they change.

import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { rich, sameText } from "../rich.js";
import { questionLink, updateLink } from "./palette.js";

/** Items that share the passage of `item`, in paper order; empty when it has none. */
export function siblings(items, item) {
  const own = items[item].stimulus;
  if (!own) return [];
  return items.flatMap(({ stimulus }, index) =>
    stimulus && stimulus.title === own.title && sameText(stimulus.text, own.text) ? [index] : [],
  );
}

function numbersText(numbers) {
  const first = numbers[0] + 1;
  const last = numbers.at(-1) + 1;
  if (numbers.length === 1) return t("Ngữ liệu của câu %(number)s", { number: first });
  const joined = last - first === numbers.length - 1;
  const list = joined ? `${first} – ${last}` : numbers.map((number) => number + 1).join(", ");
  return t("Ngữ liệu dùng cho các câu %(numbers)s", { numbers: list });
}

export function makeStimulus(items, item) {
  const { title, text } = items[item].stimulus;
  return h(
    "section",
    { class: "stim", "aria-labelledby": "st-h", tabindex: "0" },
    h("p", { class: "stim__tag" }, icon("doc"), numbersText(siblings(items, item))),
    h("h2", { id: "st-h" }, title || t("Ngữ liệu")),
    typeof text === "string"
      ? text
          .split(/\n+/)
          .filter((line) => line.trim())
          .map((line) => h("p", {}, line))
      : h("div", { class: "stim__t" }, rich(text)),
  );
}

/** Links to the other questions of the passage. */
export function makeSiblings(app, item) {
  const numbers = siblings(app.attempt.paper.items, item);
  if (numbers.length < 2) return null;
  const links = numbers.map((number) => questionLink(app.attempt.view, number, number === item));
  const node = h(
    "nav",
    { class: "sib", "aria-label": t("Các câu cùng ngữ liệu") },
    h("span", {}, t("Cùng ngữ liệu:")),
    links,
  );
  const update = () => links.forEach((link, at) => updateLink(link, app.attempt.view, numbers[at], numbers[at] === item));
  return { node, update };
}
