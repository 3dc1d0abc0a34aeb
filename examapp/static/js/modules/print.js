// A button that prints the page; without script it stays hidden, and the browser's own menu prints.

export function print(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
