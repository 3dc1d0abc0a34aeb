"""`make bench`: run every program, or those named, each in a process and on a database of its own."""

import subprocess
import sys

PROGRAMS = ("saves", "starts", "sittings", "page", "imports", "lists", "candidates", "documents", "duplicates")


def main() -> None:
    """Run the programs; end with status 1 when a figure of any fell short."""
    short = False
    for program in sys.argv[1:] or PROGRAMS:
        print(f"--- {program}", flush=True)
        short |= subprocess.run([sys.executable, "-m", f"scripts.bench.{program}"], check=False).returncode != 0
    sys.exit(1 if short else 0)


if __name__ == "__main__":
    main()
