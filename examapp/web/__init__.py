"""The web layer: what every page has in common. It knows no feature; `wiring.py` lends it what features offer.

`docs/adding-a-page.md` walks through a new page: view, permission, transaction, errors, form, template.
"""
