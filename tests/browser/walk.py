"""Looks at one page after the other in the two sizes that matter: axe, the width of the window, words that are cut off.

With `--screenshots FOLDER` the same walk leaves a picture of each page.
"""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.axe import violations

SIZES = {"1366": {"width": 1366, "height": 768}, "390": {"width": 390, "height": 844}}
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: controls whose words do not fit into them
CUT = """() => [...document.querySelectorAll("button, .btn, .tool, .pc")]
    .filter((found) => found.checkVisibility() && !found.matches(".sr") && found.scrollWidth > found.clientWidth + 1)
    .map((found) => found.textContent.trim())"""
#: colours change within 140 ms; half-way they have no contrast worth measuring
SETTLED = "() => Promise.all(document.getAnimations().map((running) => running.finished)).then(() => {})"


@dataclass
class Walk:
    """Looks at pages one after the other and keeps what is wrong with them; `end` tells it all at once."""

    folder: Path | None
    found: list[str] = field(default_factory=list)

    def look(self, page: Page, name: str) -> None:
        """Check the page in both sizes, and take its picture when asked."""
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            page.evaluate(SETTLED)
            wider = page.evaluate(WIDER)
            if wider > 0:
                self.found.append(f"{name} at {size}: {wider} px wider than the window")
            self.found += [f"{name} at {size}: “{words}” is cut off" for words in page.evaluate(CUT)]
            self.found += [f"{name} at {size}: {line}" for line in violations(page)]
            if self.folder:
                page.screenshot(path=self.folder / f"{name}-{size}.png", full_page=size == "390")
        page.set_viewport_size(SIZES["1366"])

    def end(self) -> None:
        """Fail with everything that was found."""
        assert not self.found, "\n".join(self.found)
