// Keyboard: A–J answer, F flags, Alt+N and Alt+P turn the page. All of them can be turned off (WCAG 2.1.4).

import { pref } from "../prefs.js";
import { LETTERS } from "./question.js";

function letterOf(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toUpperCase();
  // A Vietnamese input method may report "Process"; the key itself is still known.
  return /^Key([A-Z])$/.exec(event.code)?.[1] ?? null;
}

/** `deeds` has choose(index), flag(), next(), previous(), closePalette() and options(). Returns how to let go. */
export function listenKeys(deeds) {
  const press = (event) => {
    if (event.key === "Escape") return deeds.closePalette();
    // A key that is held down, or on which something lies, counts once.
    if (pref("keysOff") || event.ctrlKey || event.metaKey || event.defaultPrevented || event.repeat) return undefined;
    const letter = letterOf(event);
    if (event.altKey) {
      const turn = { N: deeds.next, P: deeds.previous }[letter];
      if (!turn) return undefined;
      event.preventDefault();
      return turn();
    }
    // Single keys act only while the focus is inside the question.
    if (!event.target.closest?.(".q")) return undefined;
    const options = deeds.options();
    const index = letter ? LETTERS.indexOf(letter) : -1;
    const isFlag = letter === "F" && (event.shiftKey || options <= 5);
    if (!isFlag && (event.shiftKey || index < 0 || index >= options)) return undefined;
    event.preventDefault();
    return isFlag ? deeds.flag() : deeds.choose(index);
  };
  document.addEventListener("keydown", press);
  return () => document.removeEventListener("keydown", press);
}
