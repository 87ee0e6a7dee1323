"""RDF files are read in a process of their own, which is ended when it costs too much.

Neither the parser nor the naming of blank nodes can be interrupted, and both can be driven by a small file to take all
time or memory there is: nine blank nodes that are each linked to all others took 119 CPU seconds, a kilobyte of nested
RDF/XML entities any memory. So a child does the work. It receives what to read as a pickle on its standard input and
answers with pickled messages on its standard output; a thread of the parent watches its CPU time and memory, and the
child takes an address-space limit for itself where the system has one.

Time is counted from message to message, so a large file may take as long as it needs, and a consumer that is slow
costs the child nothing.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO, cast

import psutil

from kg.errors import SourceError, SourceFormatError, SourceUnavailableError
from kg.store.canonical import Block
from kg.store.rdf_files import RdfFile, blocks

_POLL_SECONDS = 0.05
_DONE = "done"


@dataclass(frozen=True)
class Limits:
    """What reading files from outside may cost.

    Parameters
    ----------
    stall_seconds
        CPU seconds that may pass without progress: a chunk of statements read, a block of lines written.
    memory_bytes
        Of the process that reads.
    expansion
        How many times its size a compressed file may unpack to; up to 64 MB are always allowed.
    """

    stall_seconds: float = 30.0
    memory_bytes: int = 4 << 30
    expansion: int = 200


DEFAULT_LIMITS = Limits()


def read_rdf(
    files: Sequence[RdfFile], *, limits: Limits | None = DEFAULT_LIMITS, named: bool = True
) -> Iterator[Block]:
    """The canonical blocks of files that share one scope of twin blank nodes: all files of a graph belong in one call.

    Parameters
    ----------
    named
        Make IRIs of blank nodes, as what is stored needs them. Otherwise they stay blank, and those of a single file
        keep the labels that it gives them.
    limits
        None reads in this process, which saves a tenth of a second: for files that come with the package.

    Raises
    ------
    SourceUnavailableError
        A file is not there or cannot be read.
    SourceFormatError
        A file is not what its format says; with the line where the parser knows it.
    SourceError
        A limit was reached; what came before the error is not to be used.
    """
    if limits is None:
        return blocks(files, expansion=DEFAULT_LIMITS.expansion, named=named)
    return _confined(files, limits, named)


def _confined(files: Sequence[RdfFile], limits: Limits, named: bool) -> Iterator[Block]:
    with tempfile.TemporaryFile() as last_words, _child(last_words) as child:
        watch = _Watch(child.pid, limits)
        try:
            yield from _received(child, (files, limits, named), watch)
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            child.wait()
            names = ", ".join(map(str, files))
            raise SourceError(f"{names}: {watch.verdict or _cause(child.returncode, last_words)}") from error
        finally:
            watch.stop()


@contextmanager
def _child(last_words: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-m", __name__]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=last_words, env=environment) as child:  # noqa: S603
        try:
            yield child
        finally:
            child.kill()
            with suppress(BrokenPipeError):
                cast(IO[bytes], child.stdin).close()


def _received(
    child: subprocess.Popen[bytes], wanted: tuple[Sequence[RdfFile], Limits, bool], watch: _Watch
) -> Iterator[Block]:
    request, answers = cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout)
    pickle.dump(wanted, request)
    request.flush()
    while (message := pickle.load(answers)) != _DONE:  # noqa: S301  (our own child)
        watch.progress()
        if isinstance(message, bytes):
            yield Block(message)
        else:
            raise _refusal(*message)


def _refusal(kind: str, text: str, file: str, line: int | None) -> SourceError:
    if kind == SourceFormatError.code:
        return SourceFormatError(text, file=file, line=line)
    return SourceUnavailableError(text) if kind == SourceUnavailableError.code else SourceError(text)


def _cause(code: int, last_words: IO[bytes]) -> str:
    """Why a child ended that nobody ended: on a signal it ran out of memory or stack, else it is a fault of ours."""
    if code < 0:
        return f"reading it needed more memory than is allowed, or it nests too deep (signal {-code})"
    last_words.seek(0)
    return f"reading it failed with code {code}\n{last_words.read().decode(errors='replace')}"


class _Watch:
    """Ends a process that uses too much CPU time between two signs of progress, or too much memory."""

    def __init__(self, pid: int, limits: Limits) -> None:
        self.verdict: str | None = None
        self._process = psutil.Process(pid)
        self._limits = limits
        self._allowed_until = limits.stall_seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def progress(self) -> None:
        """Let the time count from now on."""
        with suppress(psutil.NoSuchProcess):
            self._allowed_until = self._cpu_seconds() + self._limits.stall_seconds

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        with suppress(psutil.NoSuchProcess):
            while self.verdict is None and not self._ended.wait(_POLL_SECONDS):
                self.verdict = self._judgement()
            if self.verdict:
                self._process.kill()

    def _judgement(self) -> str | None:
        if self._cpu_seconds() > self._allowed_until:
            return (
                f"gave up after {self._limits.stall_seconds:g} CPU seconds without progress; most often its blank"
                " nodes are linked in circles in which they all look alike: give them IRIs, and load it again"
            )
        if self._process.memory_info().rss > self._limits.memory_bytes:
            return f"reading it needs more than {self._limits.memory_bytes >> 20} MB; load it in parts"
        return None

    def _cpu_seconds(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system


def _limit_memory(limit_bytes: int) -> None:
    """Make the system refuse memory beyond the limit at once, where it can; elsewhere the watch has to notice."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415  (there is none on Windows)

        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def _main() -> None:
    """The child: read a request, write blocks or the reason why there are none."""
    answers = sys.stdout.buffer
    files, limits, named = pickle.load(sys.stdin.buffer)  # noqa: S301  (our own parent)
    _limit_memory(limits.memory_bytes)
    try:
        for block in blocks(files, expansion=limits.expansion, named=named):
            pickle.dump(bytes(block), answers)
            answers.flush()
    except SourceError as error:
        pickle.dump(_described(error), answers)
    except MemoryError:
        os.abort()  # as Rust does, so that the parent can tell
    else:
        pickle.dump(_DONE, answers)


def _described(error: SourceError) -> tuple[str, str, str, int | None]:
    """An error in parts, since those with keyword arguments cannot be pickled."""
    if isinstance(error, SourceFormatError):
        return error.code, error.reason, error.file, error.line
    return error.code, str(error), "", None


if __name__ == "__main__":
    _main()
