"""Processes of our own program that take work over a socket, which is their standard input."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable


def started(connection: socket.socket, main: Callable[[], None]) -> subprocess.Popen[bytes]:
    """A process that runs a function of a module; it has the socket as its standard input, and no other output."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-c", f"from {main.__module__} import {main.__name__}; {main.__name__}()"]
    return subprocess.Popen(  # noqa: S603
        command,
        stdin=connection.fileno(),
        stdout=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,  # the terminal's Ctrl-C is for the service, which then ends this
    )
