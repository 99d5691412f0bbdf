"""Becomes another program, which ends when the hub does: `launch.py HUB_PID SIGNAL UID GID PROGRAM ARGUMENTS…`.

A program of its own, and not a `preexec_fn`, because Python code between fork and exec can hang a process that
has threads. It drops privileges first, since changing the user clears the death signal. SIGNAL is 0 where the
kernel has none.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # Source: prctl(2)


def main(hub_pid: str, signal: str, uid: str, gid: str, *command: str) -> None:
    libc = ctypes.CDLL(None, use_errno=True)  # before the drop: it may lie where the other account can't read
    if uid:
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    os.umask(0o077)
    if signal != "0" and libc.prctl(PR_SET_PDEATHSIG, int(signal), 0, 0, 0) != 0:
        sys.exit(f"prctl: {os.strerror(ctypes.get_errno())}")
    if os.getppid() != int(hub_pid):
        sys.exit("The hub is gone already")
    os.execv(command[0], command)  # noqa: S606 - the hub names the program


if __name__ == "__main__":
    main(*sys.argv[1:])
