"""Take the pictures of the guides anew, from the journey a secretary and a chair make through their pages.

The journey runs on a server and a database of its own; only pictures that a guide shows are kept, all of them or none:

    python scripts/take_guide_pictures.py
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
JOURNEY = "tests/browser/test_council_journey.py"
GUIDES = PROJECT / "docs" / "guides"
PICTURES = GUIDES / "pictures"
#: a clone should not grow by pictures
MOST_BYTES = 2_000_000


def main() -> int:
    """Take the pictures and return the exit code: 1 when the journey fails, one is missing, or all are too large."""
    with tempfile.TemporaryDirectory(prefix="guide-pictures-") as folder:
        command = [sys.executable, "-m", "pytest", JOURNEY, "-q", "-n", "0", "--screenshots", folder]
        if subprocess.run(command, cwd=PROJECT, check=False).returncode:
            return 1
        taken = [Path(folder) / f"{name}.png" for name in shown_pictures()]
        missing = [one.name for one in taken if not one.is_file()]
        if missing:
            print(f"the journey took no picture {', '.join(missing)}", file=sys.stderr)
            return 1
        size = sum(one.stat().st_size for one in taken)
        if size > MOST_BYTES:
            print(f"{size:,} bytes of pictures, at most {MOST_BYTES:,} are wanted", file=sys.stderr)
            return 1
        _replace(taken)
    print(f"{len(taken)} pictures, {size:,} bytes, in {PICTURES}")
    return 0


def shown_pictures() -> list[str]:
    """Return the names of the journey's pictures that the guides show, each once."""
    texts = (guide.read_text(encoding="utf-8") for guide in sorted(GUIDES.glob("*.md")))
    return list(dict.fromkeys(name for text in texts for name in re.findall(r"\]\(pictures/([\w-]+)\.png\)", text)))


def _replace(taken: list[Path]) -> None:
    """Put the new pictures in the place of all the old ones."""
    shutil.rmtree(PICTURES, ignore_errors=True)
    PICTURES.mkdir(parents=True)
    for one in taken:
        shutil.copyfile(one, PICTURES / one.name)


if __name__ == "__main__":
    sys.exit(main())
