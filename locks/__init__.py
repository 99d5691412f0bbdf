"""The locks: which version of each library a hub runs on, is built with and is tested with, by number and by hash.

`pyproject.toml` says which versions Atrium allows; the locks say which ones they are, so that a clone of next year
gets what the tests passed on. They name no address: packages come from wherever the machine has them from. `python -m
locks` renews them, `python -m locks --check` says whether they fit, `python -m locks.install` installs what they say.
"""
