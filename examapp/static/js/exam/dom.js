// Elements from data. Texts of papers and people only ever become text nodes.

const SVG = "http://www.w3.org/2000/svg";

function fillElement(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function h(tag, attributes = {}, ...children) {
  return fillElement(document.createElement(tag), attributes, children);
}

export function s(tag, attributes = {}, ...children) {
  return fillElement(document.createElementNS(SVG, tag), attributes, children);
}

/** An icon of the page's sprite; always beside a word. */
export function icon(name) {
  return s("svg", { class: "i", "aria-hidden": "true" }, s("use", { href: `#i-${name}` }));
}

/** Text for the ear only. */
export function spoken(text) {
  return h("span", { class: "sr" }, text);
}

/**
 * Turn a button off or on. One that has the focus keeps it: it is only said to be off, because a disabled element would
 * drop the focus to the top of the page. The next update after the focus has left takes it out of the order.
 */
export function setDisabled(button, off) {
  const kept = off && document.activeElement === button;
  button.disabled = off && !kept;
  if (kept) button.setAttribute("aria-disabled", "true");
  else button.removeAttribute("aria-disabled");
}

/** Put text into an element only when it differs, so that a live region does not speak twice. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Replace children only when `key` differs from the last time. */
export function setParts(element, key, make) {
  if (element.dataset.key === key) return;
  element.dataset.key = key;
  element.replaceChildren(...make().flat(Infinity).filter(Boolean));
}
