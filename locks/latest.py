"""Makes `.venv-latest`, with the newest versions that `pyproject.toml` allows: `python -m locks.latest`.

It says where they are others than in the locks.
"""

import sys
from importlib.metadata import distributions

from packaging.utils import canonicalize_name

from locks.checks import requirements
from locks.files import EVERYTHING, ROOT, pins
from locks.install import ATRIUM, Failed, has_uv, uv

ENVIRONMENT = ROOT / ".venv-latest"
PYTHON = str(ENVIRONMENT / "bin" / "python")


def main() -> int:
    if not has_uv():
        print("The newest versions are installed by uv, which can't be had here.", file=sys.stderr)
        return 1
    try:
        _make()
    except Failed:
        print("The newest versions could not be installed. The reason stands above.", file=sys.stderr)
        return 1
    print("Newer than in the locks:", ", ".join(_newer()) or "nothing")
    return 0


def _make() -> None:
    uv("venv", "--allow-existing", str(ENVIRONMENT))
    wanted = "\n".join(str(requirement) for requirement in requirements(ROOT)[EVERYTHING])
    uv("pip", "install", "--upgrade", "-r", "-", python=PYTHON, said=wanted)
    uv("pip", "install", *ATRIUM, python=PYTHON)


def _newer() -> list[str]:
    locked = {(pin.name, pin.version) for pin in pins(ROOT / EVERYTHING)}
    folder = next((ENVIRONMENT / "lib").glob("python*")) / "site-packages"
    there = {(canonicalize_name(each.name), each.version) for each in distributions(path=[str(folder)])}
    return sorted(f"{name} {version}" for name, version in there - locked if name != "atrium-hub")


if __name__ == "__main__":
    sys.exit(main())
