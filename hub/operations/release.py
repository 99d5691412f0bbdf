"""The release: which version of Atrium there is."""

from importlib.metadata import version

DISTRIBUTION = "atrium-hub"
"""What the package is called. A foreign one has the name ``atrium`` in the public index."""


def on_disk() -> str:
    """This is the version that lies on the disk, which may be newer than the one that runs."""
    return version(DISTRIBUTION)
