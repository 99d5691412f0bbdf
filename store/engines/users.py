"""Under which account the engines run: PostgreSQL refuses to be root, and nothing here needs to be."""

import hashlib
import os
import pwd
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path


@dataclass(frozen=True)
class Runner:
    """The account that the engines run under: our own, or an unprivileged one when we are root.

    The unprivileged one may be unable to reach the data folder (below /root, say). We don't open the folders
    above: the process starts *inside* its folder and names it `/proc/self/cwd`, which needs no way to it.
    """

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def for_folder(cls, data_dir: Path) -> "Runner":
        if os.geteuid() != 0:
            return cls()
        try:
            owner = (data_dir / "postgres").stat()
        except (FileNotFoundError, NotADirectoryError):
            return cls.nobody()
        return cls(owner.st_uid, owner.st_gid) if owner.st_uid else cls.nobody()

    @classmethod
    def nobody(cls) -> "Runner":
        account = pwd.getpwnam("nobody")
        return cls(account.pw_uid, account.pw_gid)

    @property
    def is_other(self) -> bool:
        return self.uid is not None

    def own(self, path: Path) -> None:
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def seen_from_inside(self, folder: Path) -> str:
        """This is the folder's name for a process whose working folder it is."""
        return "/proc/self/cwd" if self.is_other and sys.platform == "linux" else str(folder)

    def reachable(self, binaries: Path, package: str, probe: str) -> Path:
        """This is the folder of binaries, or a copy where the account can read them.

        `package` and the file `probe` in the folder tell one version's copy from another's.
        """
        if not self.is_other or world_readable(binaries / probe):
            return binaries
        made = (binaries / probe).stat().st_mtime_ns
        mark = hashlib.sha256(f"{binaries} {made}".encode()).hexdigest()[:8]
        return copied(binaries, shared_folder() / f"{package}-{version(package)}-{mark}")


def world_readable(path: Path) -> bool:
    real = path.resolve()
    return bool(real.stat().st_mode & stat.S_IROTH) and all(p.stat().st_mode & stat.S_IXOTH for p in real.parents)


def shared_folder() -> Path:
    """This is a folder of root's that every account can read."""
    for base in (Path("/var/cache"), Path(tempfile.gettempdir())):
        folder = base / "atrium"
        try:
            folder.mkdir(mode=0o755, exist_ok=True)
            found = folder.lstat()
        except OSError:
            continue
        if stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            folder.chmod(0o755)
            return folder
    raise PermissionError("No folder for the database's programs: neither /var/cache nor the temporary folder")


def copied(binaries: Path, target: Path) -> Path:
    """Copies PACKAGE/FOLDER, and the PACKAGE.libs beside it that its programs look for, below `target`."""
    package = binaries.parent
    libraries = package.with_name(f"{package.name}.libs")
    if not target.exists():
        with tempfile.TemporaryDirectory(dir=target.parent) as workshop:
            half = Path(workshop) / "copy"
            shutil.copytree(binaries, half / package.name / binaries.name, ignore=shutil.ignore_patterns("include"))
            if libraries.exists():
                shutil.copytree(libraries, half / libraries.name)
            open_to_all(half)
            try:
                half.rename(target)
            except OSError:  # another hub was quicker
                if not target.exists():
                    raise
    return target / package.name / binaries.name


def open_to_all(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
