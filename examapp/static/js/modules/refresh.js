// Redraws one part of a page every ten seconds from the same address; without script there is the reload button.

const EVERY_MS = 10_000;

/** Replace `element`'s content by what the server shows now; a failed try changes nothing. */
async function redraw(element) {
  if (document.hidden || element.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(element.id);
    if (fresh) element.replaceChildren(...fresh.childNodes);
  } catch {
    // no network: the next try is ten seconds away
  }
}

export function refresh(element) {
  setInterval(() => redraw(element), EVERY_MS);
}
