// Ticking rows of a list: all at once, the chosen ones coloured and counted. Without script the boxes work all the same.

export function choose(form) {
  const boxes = [...form.querySelectorAll("input[name=question]")];
  const all = form.querySelector("[data-all]");
  const words = form.querySelector("[data-count]");
  const bar = words.parentElement;

  function show() {
    const count = boxes.filter((box) => box.checked).length;
    for (const box of boxes) box.closest("tr").classList.toggle("sel", box.checked);
    all.firstElementChild.checked = count === boxes.length;
    all.firstElementChild.indeterminate = count > 0 && count < boxes.length;
    words.textContent = words.dataset.count.replace("{count}", count);
    bar.hidden = !count;
  }

  all.hidden = false;
  all.firstElementChild.addEventListener("change", ({ target }) => {
    for (const box of boxes) box.checked = target.checked;
  });
  form.addEventListener("change", show);
  // The boxes are cleared after the event.
  form.addEventListener("reset", () => setTimeout(show));
  // A page that comes back from memory has its ticks again.
  addEventListener("pageshow", show);
  show();
}
