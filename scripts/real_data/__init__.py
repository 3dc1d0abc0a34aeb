"""Parts of `scripts/try_real_data.py`: temporary installation, import with its table, exam, candidates."""
