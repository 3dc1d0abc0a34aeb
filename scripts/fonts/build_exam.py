"""Make the fonts of the candidate's pages: Be Vietnam Pro without hinting and unused features, half the bytes.

Run by hand when the fonts change: `python build_exam.py` with fontTools and brotli installed.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter, load_font, save_font

HERE = Path(__file__).resolve().parents[2] / "examapp" / "static" / "fonts"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]


def shrink(source: Path, target: Path) -> None:
    """Keep every character of `source`, drop what a browser on a current system does not use."""
    options = Options(hinting=False, flavor="woff2", layout_features=FEATURES)
    font = load_font(str(source), options)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=font.getBestCmap().keys())
    subsetter.subset(font)
    save_font(font, str(target), options)


if __name__ == "__main__":
    for weight in (400, 600):
        for subset in ("latin", "vietnamese"):
            name = f"be-vietnam-pro-{subset}-{weight}"
            shrink(HERE / f"{name}-normal.woff2", HERE / f"{name}-exam.woff2")
