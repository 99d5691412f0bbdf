"""Installs what the locks say, and Atrium as it lies here, into the environment whose Python runs this.

`python -m locks.install` installs what a hub is built with and runs on; with `--tools` it installs those for tests and
checks too, and takes away what is in no lock. It is done by uv, which comes from its own wheel. Where there is none, or
it fails, pip does it from the same locks, with the same hashes. This needs nothing but Python and pip.
"""

import ast
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from locks.files import BUILD, EVERYTHING, ROOT, RUN, PinnedVersion, pins

UV = Path(sysconfig.get_path("scripts")) / "uv"
PIP = (sys.executable, "-m", "pip")
ATRIUM = ("--no-deps", "--no-build-isolation", "--editable", ".")
IN_UV_S_WORDS = {
    "index-url": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    "extra-index-url": ("UV_INDEX", "UV_EXTRA_INDEX_URL"),
    "find-links": ("UV_FIND_LINKS",),
    "trusted-host": ("UV_INSECURE_HOST",),
    "cert": ("SSL_CERT_FILE",),
    "client-cert": ("SSL_CLIENT_CERT",),
    "proxy": ("ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"),
    "timeout": ("UV_HTTP_TIMEOUT",),
    "default-timeout": ("UV_HTTP_TIMEOUT",),
}
"""What uv reads where pip has a setting: the first of the names is told, unless one of them is there already."""


class Failed(Exception):
    """A program ended with a fault, which it has named itself."""


def main(arguments: Sequence[str]) -> int:
    tools = "--tools" in arguments
    if _by_uv(tools):
        return 0
    try:
        _by_pip(tools)
    except Failed:
        print("Atrium's libraries could not be installed. The reason stands above.", file=sys.stderr)
        return 1
    return 0


def _by_uv(tools: bool) -> bool:
    """Install by uv; false when it couldn't."""
    if not has_uv():
        print("uv can't be had here, so pip installs, which takes longer.", file=sys.stderr)
        return False
    try:
        if tools:
            uv("pip", "sync", "--require-hashes", EVERYTHING)
        else:
            uv("pip", "install", "--require-hashes", "-r", RUN, "-r", BUILD)
        uv("pip", "install", *ATRIUM)
    except Failed:
        print("uv could not install what the locks say; why stands above. Trying by pip.", file=sys.stderr)
        return False
    return True


def _by_pip(tools: bool) -> None:
    locks = [EVERYTHING] if tools else [RUN, BUILD]
    wanted = {pin.text: pin for lock in locks for pin in pins(ROOT / lock) if pin.name != "uv"}
    with tempfile.TemporaryDirectory() as folder:
        _run([*PIP, "install", "--quiet", "--no-deps", "--require-hashes", "-r", _lock(folder, wanted.values())])
    _run([*PIP, "install", "--quiet", *ATRIUM])


def has_uv() -> bool:
    """Whether uv is here at the version that is locked; it is fetched when it isn't."""
    pin = next(pin for pin in pins(ROOT / BUILD) if pin.name == "uv")
    if uv_version() != pin.version:
        _fetch(pin)
    return uv_version() == pin.version


def uv_version() -> str:
    """This is the version of the uv that is here, or nothing."""
    try:
        said = subprocess.run([UV, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""
    return said.split()[1]


def _fetch(pin: PinnedVersion) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wanted = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", _lock(folder, [pin])]
        subprocess.run([*PIP, "install", "--quiet", *wanted], capture_output=True, check=False)


def _lock(folder: str, wanted: Iterable[PinnedVersion]) -> str:
    path = Path(folder) / "wanted.lock"
    path.write_text("".join(pin.text for pin in wanted))
    return str(path)


def uv(*arguments: str, python: str = sys.executable, said: str | None = None) -> str:
    """Run uv for an environment, with the machine's settings. This is what it printed.

    Raises:
        Failed: it ended with a fault.
    """
    return _run([str(UV), "--quiet", *arguments, "--python", python], settings(), said)


def settings() -> dict[str, str]:
    """This is the process's environment, with pip's settings in uv's words where it isn't told otherwise.

    The machine's own authorities count, as they do for pip. All indexes are looked through, as pip does; a hash says
    which file it must be, wherever it comes from.
    """
    told = dict(os.environ)
    for name, value in pip_settings().items():
        names = IN_UV_S_WORDS.get(name, ())
        if names and not any(name in told for name in names):
            told[names[0]] = ",".join(value.split()) if name == "find-links" else value
    return {"UV_SYSTEM_CERTS": "true", "UV_INDEX_STRATEGY": "unsafe-best-match", **told}


def pip_settings() -> dict[str, str]:
    """These are pip's settings for installing, from its files and variables, by its own names."""
    listed = subprocess.run([*PIP, "config", "list"], capture_output=True, text=True, check=False).stdout
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if section in found:
            found[section][name] = str(ast.literal_eval(value))
    return found["global"] | found["install"] | found[":env:"]


def _run(command: Sequence[str], environment: dict[str, str] | None = None, said: str | None = None) -> str:
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, input=said, stdout=subprocess.PIPE, text=True, check=False
    )
    if ended.returncode:
        raise Failed()
    return ended.stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
