// Redraws the live parts of a page every ten seconds; without script there is the reload button.

const EVERY_MS = 10_000;
const ids = new Set();

/** Replace the content of one part. A link that has the focus has it again; a form that is being filled in stays. */
function redraw(part, fresh) {
  const at = part.contains(document.activeElement) ? document.activeElement : null;
  if (at && !at.href) return;
  part.replaceChildren(...fresh.childNodes);
  if (at) part.querySelector(`[href="${at.getAttribute("href")}"]`)?.focus({ preventScroll: true });
}

/** Fetch the page once for all of its parts; says whether the server gave it. */
async function redrawAll(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(EVERY_MS) });
    if (!answer.ok || answer.redirected) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ids) {
      const part = document.getElementById(id);
      const fresh = page.getElementById(id);
      if (part && fresh) redraw(part, fresh);
    }
    return true;
  } catch {
    return false;
  }
}

async function again() {
  // Its sentence says that the numbers have stopped, its address where they come from.
  const stopped = document.querySelector("[data-address]");
  if (!document.hidden) stopped.hidden = await redrawAll(stopped.dataset.address);
  setTimeout(again, EVERY_MS);
}

export function refresh(element) {
  if (!ids.size) setTimeout(again, EVERY_MS);
  ids.add(element.id);
}
