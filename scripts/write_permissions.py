"""Write docs/permissions.md from the permission table."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from examapp.access.document import permissions_page  # noqa: E402 - the path comes first

if __name__ == "__main__":
    (ROOT / "docs").mkdir(exist_ok=True)
    (ROOT / "docs" / "permissions.md").write_text(permissions_page(), encoding="utf-8")
