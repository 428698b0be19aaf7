"""What an exported book carries with it: its format, and two verifiers that share no code of ours.

`FORMAT.md`, `verify.py` and `verify.html` go into each bundle as they are. The audit replay begins
with the same `verify.py`; nothing else here imports it.
"""
