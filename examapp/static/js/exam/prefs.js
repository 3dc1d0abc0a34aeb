// How the candidate wants to see the page: contrast, text size, clock, single keys. Remembered on this machine.

const KEY = "khaothi-view";
const values = { hc: false, big: false, clockHidden: false, keysOff: false };

function show() {
  document.documentElement.classList.toggle("hc", values.hc);
  document.documentElement.classList.toggle("big", values.big);
}

export function loadPrefs() {
  try {
    Object.assign(values, JSON.parse(localStorage.getItem(KEY) ?? "{}"));
  } catch {
    // A refused or broken store only means the plain view.
  }
  show();
}

export function pref(name) {
  return values[name];
}

export function togglePref(name) {
  values[name] = !values[name];
  show();
  try {
    localStorage.setItem(KEY, JSON.stringify(values));
  } catch {
    // Not remembered, but it holds for this page.
  }
  return values[name];
}
