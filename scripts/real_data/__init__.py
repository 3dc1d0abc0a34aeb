"""Parts of `scripts/try_real_data.py` and `scripts/try_formats.py`: what they do with real files, and compare."""
