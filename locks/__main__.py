"""Renews the locks: `python -m locks` takes the newest versions that `pyproject.toml` allows.

With `--keep` only what it asks for otherwise than before changes. `--check` says where the locks don't fit it; it needs
no network.
"""

import re
import subprocess
import sys
import tempfile
from shutil import copyfile

from locks.checks import faults, project
from locks.files import BUILD, EVERYTHING, ROOT, RUN
from locks.install import UV, Failed, has_uv, settings

TOOLS = ("--extra", "dev")
PLATFORMS = ("x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "x86_64-apple-darwin", "aarch64-apple-darwin")
PYTHONS = ("3.11", "3.14")


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        found = faults(ROOT)
        sys.stderr.writelines(f"{fault}\n" for fault in found)
        return bool(found)
    if arguments not in ([], ["--keep"]):
        sys.stderr.write("usage: python -m locks [--keep] | --check\n")
        return 2
    try:
        renew(keep=bool(arguments))
    except Failed as failed:
        sys.stderr.write(f"{failed}\n")
        return 1
    return 0


def renew(*, keep: bool) -> None:
    """Write the locks anew, and say for which machines a library has to be built from its source."""
    if not has_uv():
        raise Failed("The locks are made by uv, which can't be had here.")
    _compile(EVERYTHING, "pyproject.toml", *TOOLS, "--group", "build", "-", *([] if keep else ["--upgrade"]))
    for lock, sources in ((RUN, ["pyproject.toml"]), (BUILD, ["--group", "build", "-"])):
        copyfile(ROOT / EVERYTHING, ROOT / lock)  # what uv finds in a lock, it keeps: so all have the same versions
        _compile(lock, *sources)
    for platform in PLATFORMS:
        if unbuilt := _without_wheel(platform):
            print(f"{platform}: {', '.join(sorted(unbuilt))} must be built from source")


def _compile(lock: str, *sources: str) -> None:
    said = project(ROOT)
    python = said["project"]["requires-python"].removeprefix(">=")
    whole = ("--universal", "--python-version", python, "--generate-hashes", "--no-emit-index-url")
    looks = ("--no-emit-find-links", "--annotation-style", "line", "--custom-compile-command", "make lock")
    ended = _uv(
        "compile", *sources, *whole, *looks, "--output-file", lock, said="\n".join(said["build-system"]["requires"])
    )
    if ended.returncode:
        raise Failed(ended.stderr)


def _without_wheel(platform: str) -> set[str]:
    """The libraries that have no wheel for a platform's oldest or newest Python; uv names one at a time."""
    found: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        wanted = ("install", "--dry-run", "--no-deps", "--require-hashes", "-r", EVERYTHING, "--target", folder)
        for python in PYTHONS:
            where = ("--python-platform", platform, "--python-version", python, "--only-binary", ":all:")
            while (ended := _uv(*wanted, *where, *(f"--no-binary={name}" for name in found))).returncode:
                named = re.search(r"Because ([a-z0-9-]+)==\S+ has no", ended.stderr)
                if named is None or named[1] in found:
                    raise Failed(ended.stderr)
                found.add(named[1])
    return found


def _uv(*arguments: str, said: str = "") -> "subprocess.CompletedProcess[str]":
    """Run uv against the main index alone: further ones may hold only some of the files that a version has."""
    further = ("UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_INDEX_STRATEGY")
    environment = {name: value for name, value in settings().items() if name not in further}
    command = [str(UV), "--quiet", "pip", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, input=said, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
