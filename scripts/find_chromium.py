"""Say in one line how to get Chromium when there is none: `make test` then leaves the browser tests out."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    """Print the line, or nothing."""
    if not os.environ.get("CHROMIUM") and not any(map(shutil.which, NAMES)):
        print(
            "No Chromium: browser tests are left out. "
            "Debian, Ubuntu: apt-get install chromium; elsewhere set CHROMIUM=/path/to/it."
        )


if __name__ == "__main__":
    main()
