"""axe-core in a page under a strict CSP: WCAG 2.0 to 2.2, levels A and AA."""

from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
_RUN = """async (tags) => {
    const options = {runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]};
    const {violations} = await axe.run(document, options);
    return violations.map(({id, help, nodes}) => ({
        id, help, nodes: nodes.map(({target, failureSummary}) => `${target.join(" ")}: ${failureSummary}`),
    }));
}"""


def violations(page: Page) -> list[str]:
    """Return what axe finds wrong on the page as it stands, one line per rule and element."""
    if not page.evaluate("() => 'axe' in globalThis"):
        page.evaluate(_SOURCE)
    found = page.evaluate(_RUN, TAGS)
    return [f"{rule['id']} ({rule['help']}) {node}" for rule in found for node in rule["nodes"]]
