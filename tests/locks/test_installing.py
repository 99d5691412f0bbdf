"""Installing by the locks, from an index behind an authority of its own, as firms have it."""

import hashlib
import os
import ssl
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copytree, rmtree
from threading import Thread
from typing import Any

import pytest
import trustme

from locks.files import BUILD, EVERYTHING, ROOT, RUN, PinnedVersion
from locks.install import UV, has_uv, uv_version

BACKEND = """
import zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(f"{wheel_directory}/house-1-py3-none-any.whl", "w") as wheel:
        wheel.writestr("house.pth", "")
        wheel.writestr("house-1.dist-info/METADATA", "Metadata-Version: 2.1\\nName: house\\nVersion: 1\\n")
        wheel.writestr("house-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr("house-1.dist-info/RECORD", "")
    return "house-1-py3-none-any.whl"
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "house"
version = "1"
"""


class Index(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nobody asks."""


class House:
    """A small project with locks of its own, an environment without libraries, and an index that has one."""

    sha256 = ""

    def __init__(self, folder: Path) -> None:
        self.root, self.index, self.authority = folder / "house", folder / "index", folder / "authority.pem"
        self.uv = self.root / ".venv" / "bin" / "uv"
        self.python = self.root / ".venv" / "bin" / "python"
        self.variables = {
            "HOME": str(folder),
            "PATH": os.defpath,
            "PIP_CERT": str(self.authority),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        copytree(ROOT / "locks", self.root / "locks")
        (self.root / "pyproject.toml").write_text(PROJECT)
        (self.root / "backend.py").write_text(BACKEND)
        subprocess.run([sys.executable, "-m", "venv", str(self.root / ".venv")], check=True)
        self.libraries = next((self.root / ".venv").glob("lib/*/site-packages"))

    def empty(self) -> None:
        """Take away what a test has installed."""
        self.uv.unlink(missing_ok=True)
        for name in ("brick", "house", "uv"):
            for left in self.libraries.glob(f"{name}-*.dist-info"):
                rmtree(left)

    def lock(self, sha256: str) -> None:
        """Lock the library, and the uv of these tests, whatever its version."""
        uv = PinnedVersion("uv", uv_version(), "", (f"--hash=sha256:{'0' * 64}",))
        library = f"brick==1.0 \\\n    --hash=sha256:{sha256}\n    # via house\n"
        (self.root / RUN).write_text(library)
        (self.root / BUILD).write_text(uv.text)
        (self.root / EVERYTHING).write_text(library + uv.text)

    def make_library(self) -> str:
        """Put the library into the index. This is its hash."""
        (self.index / "brick").mkdir(parents=True)
        path = self.index / "brick" / "brick-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as wheel:
            wheel.writestr("brick.py", "")
            wheel.writestr("brick-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: brick\nVersion: 1.0\n")
            wheel.writestr(
                "brick-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            wheel.writestr("brick-1.0.dist-info/RECORD", "")
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        (self.index / "brick" / "index.html").write_text(f'<a href="{path.name}#sha256={sha256}">{path.name}</a>')
        return sha256

    def have_uv(self) -> None:
        """Have the uv of these tests, as if its wheel had been installed."""
        self.uv.symlink_to(UV)
        folder = self.libraries / f"uv-{uv_version()}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: uv\nVersion: {uv_version()}\n")

    def install(self, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        command = [str(self.python), "-m", "locks.install", *arguments]
        environment = self.variables | variables
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, check=False)

    def installer(self) -> str | None:
        """This is who installed the library, when it is there."""
        path = self.libraries / "brick-1.0.dist-info" / "INSTALLER"
        return path.read_text().strip() if path.exists() else None


@contextmanager
def served(folder: Path, authority: trustme.CA) -> Iterator[str]:
    """This is the address of an index, whose certificate only a machine with its authority believes."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Index, directory=str(folder))) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"https://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    assert uv_version() or has_uv()
    house, authority = House(tmp_path_factory.mktemp("house")), trustme.CA()
    house.sha256 = house.make_library()
    authority.cert_pem.write_to_path(str(house.authority))
    with served(house.index, authority) as address:
        house.variables["PIP_INDEX_URL"] = address
        yield house


@pytest.fixture
def house(built: House) -> House:
    """The project with nothing installed, and locks of what the index has."""
    built.empty()
    built.lock(built.sha256)
    return built


@pytest.mark.parametrize("arguments", [(), ("--tools",)])
def test_uv_installs_from_where_pip_would_and_says_nothing(house: House, arguments: tuple[str, ...]) -> None:
    house.have_uv()
    ended = house.install(*arguments)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert house.installer() == "uv"
    assert (house.libraries / "house-1.dist-info").exists(), "the project itself is there"


def test_what_uv_was_told_itself_comes_before_pip_s_settings(house: House) -> None:
    house.have_uv()
    ended = house.install(UV_DEFAULT_INDEX=house.variables["PIP_INDEX_URL"], PIP_INDEX_URL="https://127.0.0.1:1")
    assert (ended.returncode, ended.stderr) == (0, "")


def test_pip_installs_the_same_where_uv_has_no_wheel(house: House) -> None:
    ended = house.install()
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == "uv can't be had here, so pip installs, which takes longer.\n"
    assert house.installer() == "pip"


def test_pip_installs_the_same_where_uv_fails(house: House) -> None:
    house.have_uv()
    ended = house.install(UV_DEFAULT_INDEX="https://127.0.0.1:1", UV_HTTP_RETRIES="0")
    assert ended.returncode == 0, ended.stderr
    assert "Trying by pip." in ended.stderr
    assert house.installer() == "pip"


@pytest.mark.parametrize("with_uv", [True, False])
def test_another_file_than_the_locked_one_is_not_installed(house: House, with_uv: bool) -> None:
    if with_uv:
        house.have_uv()
    house.lock("0" * 64)
    ended = house.install()
    assert ended.returncode == 1
    assert "hash" in ended.stderr.lower()
    assert "Atrium's libraries could not be installed." in ended.stderr
    assert house.installer() is None


def test_an_index_whose_authority_is_unknown_is_not_believed(house: House) -> None:
    house.have_uv()
    ended = house.install(PIP_CERT="", PIP_RETRIES="0", UV_HTTP_RETRIES="0")
    assert ended.returncode == 1
    assert house.installer() is None
