"""What makes an examination checkable years later: canonical bytes, sealed packages, receipts and the audit chain;
pure.
"""
