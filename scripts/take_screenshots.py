"""Write a picture of every page, wide (1366) and as on a phone (390), for people to look at beside the drafts.

The pages are those that the accessibility tests walk over, on a server and a database of their own:

    python scripts/take_screenshots.py FOLDER
"""

import argparse
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
WALK = "tests/browser/test_accessibility.py"


def main() -> int:
    """Take the pictures and return the exit code: 0 also means that no page has an accessibility fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the pictures go; made when it is missing")
    folder = parser.parse_args().folder.absolute()
    command = [sys.executable, "-m", "pytest", WALK, "-q", "-n", "0", "--screenshots", str(folder)]
    code = subprocess.run(command, cwd=PROJECT, check=False).returncode
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")
    return code


if __name__ == "__main__":
    sys.exit(main())
