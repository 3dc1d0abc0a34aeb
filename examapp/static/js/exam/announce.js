// Two permanent live regions outside the views, so that a change of view never swallows a sentence.

export function announce(text, { urgent = false } = {}) {
  const region = document.getElementById(urgent ? "alerts" : "notes");
  // The same sentence twice in a row must still be spoken.
  region.textContent = "";
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
