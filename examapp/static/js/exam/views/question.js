// One question: real radio buttons inside labels, a flag, a way to clear the choice.

import { announce } from "../announce.js";
import { itemState } from "../answers.js";
import { h, icon, setDisabled, setParts, setText, spoken } from "../dom.js";
import { t, weave } from "../i18n.js";
import { rich } from "../rich.js";
import { pref, togglePref } from "../prefs.js";

export const LETTERS = "ABCDEFGHIJ";

/** From six options on the letter F is an answer, so the flag needs Shift. */
function flagKey(options) {
  return options > 5 ? "Shift + F" : "F";
}

function optionNode(text, index, choose) {
  const letter = LETTERS[index];
  const input = h("input", { type: "radio", name: "answer", value: letter, onchange: () => choose(index) });
  return h(
    "label",
    { class: "opt" },
    input,
    h("span", { class: "opt__k", "aria-hidden": "true" }, letter),
    h("span", { class: "opt__t" }, spoken(`${letter}. `), rich(text)),
    h("span", { class: "opt__ok" }, icon("check"), h("span", {}, t("Đã chọn"))),
  );
}

function keysHint(options, update) {
  const key = (text) => h("kbd", {}, text);
  const last = LETTERS[options - 1];
  const flip = () => {
    togglePref("keysOff");
    update();
  };
  const text = h("span", {});
  const button = h("button", { class: "btn btn--ghost btn--sm", type: "button", onclick: flip });
  const show = () => {
    const off = pref("keysOff");
    setParts(text, String(off), () =>
      off
        ? [t("Phím tắt đang tắt.")]
        : weave(t("%(first)s – %(last)s chọn đáp án, %(flag)s đánh dấu, %(alt)s + %(n)s câu sau"), {
            first: key("A"),
            last: key(last),
            flag: key(flagKey(options)),
            alt: key("Alt"),
            n: key("N"),
          }),
    );
    setText(button, off ? t("Bật phím tắt") : t("Tắt phím tắt"));
  };
  return { node: h("span", { class: "keys" }, text, button), show };
}

/** The view of question `item`; `app.choose` and `app.flag` write, `update` shows what is written. */
export function makeQuestion(app, item) {
  const question = app.attempt.paper.items[item];
  const heading = h(
    "h1",
    { class: "q__no num", tabindex: "-1" },
    t("Câu %(number)s", { number: item + 1 }),
    " ",
    h("small", {}, t("trong %(total)s câu", { total: app.attempt.total })),
  );
  const flagWord = h("span", { class: "lbl" });
  const flag = h("button", { class: "btn flag", type: "button", onclick: () => app.toggleFlag(item) }, icon("flag"), flagWord);
  const options = question.options.map((text, index) => optionNode(text, index, (chosen) => app.choose(item, chosen)));
  const inputs = options.map((option) => option.querySelector("input"));
  const hint = keysHint(options.length, () => hint.show());
  const unchoose = () => {
    if (!itemState(app.attempt.view, item).answered) return;
    app.choose(item, null);
    announce(t("Câu %(number)s: đã bỏ chọn.", { number: item + 1 }));
  };
  const clear = h("button", { class: "btn btn--ghost btn--sm", type: "button", onclick: unchoose });
  clear.append(icon("undo"), t("Bỏ chọn"));
  const form = h(
    "form",
    { onsubmit: (event) => event.preventDefault() },
    h("fieldset", {}, h("legend", { class: "q__text" }, rich(question.stem)), h("div", { class: "opts" }, options)),
    h("div", { class: "opts__foot" }, clear, hint.node),
  );
  const node = h("main", { class: "q", id: "cau-hoi" }, h("div", { class: "q__head" }, heading, flag), form);

  const update = () => {
    const state = itemState(app.attempt.view, item);
    inputs.forEach((input, index) => {
      input.checked = state.response === index;
      input.disabled = !app.canWrite;
    });
    setDisabled(clear, !app.canWrite || !state.answered);
    flag.disabled = !app.canWrite;
    flag.setAttribute("aria-pressed", String(state.flagged));
    flag.setAttribute("aria-label", state.flagged ? t("Bỏ đánh dấu") : t("Đánh dấu để xem lại"));
    setText(flagWord, state.flagged ? t("Đã đánh dấu") : t("Đánh dấu xem lại"));
    hint.show();
  };
  update();
  return { node, heading, update };
}
