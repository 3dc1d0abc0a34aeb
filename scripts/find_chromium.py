"""Say in one line how to get Chromium when there is none: `make test` then leaves the browser tests out."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = "Debian, Ubuntu: apt-get install chromium; elsewhere set CHROMIUM=/path/to/it."


def find_chromium() -> str | None:
    """Return the path of a Chromium this machine has, or None."""
    names = (os.environ.get("CHROMIUM"), *NAMES)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def main() -> None:
    """Print the line, or nothing."""
    if not find_chromium():
        print(f"No Chromium: browser tests are left out. {HOW}")


if __name__ == "__main__":
    main()
