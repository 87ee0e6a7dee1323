"""Where things lie in a data folder, and where one may be.

::

    current                     the id of the live release
    tags.json                   name → id of a release
    tokens.json                 who may do what to the service (`kg.serve.tokens`); for its owner only
    segments/<digest>.nq.zst    what releases are made of (`kg.store.segments`)
    releases/<id>/              release.json, the database, report.ttl, further files of one release: gone.txt.zst,
                                the things that earlier ones had (`kg.store.gone`)
    refused/<id>/               what was wrong with a build that was not published
    staging/<random>/           a build at work; left by a dead one, the next build removes it
    locks/                      `kg.store.locks`

All of it is on one file system, since publishing is renaming.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import psutil

from kg.errors import StoreError, StoreUnavailableError
from kg.store.durable import explained

FileSystem = Callable[[Path], str]
"""The kind of file system that a folder is on: ``"ext4"``, ``"nfs4"``."""

PART = r"[0-9A-Za-z][0-9A-Za-z._-]*"
"""The form of a name in the folder of a release: with no other can it lead out of it."""

_REMOTE = re.compile(
    r"remote|(fuse\.)?(9p|acfs|afpfs|afs|beegfs|ceph|cephfs|cifs|coda|davfs2?|gcsfuse|glusterfs|goofys|gpfs|lustre|"
    r"ncpfs|nfs[34]?|rclone|s3fs|smb[23]?|smbfs|sshfs|webdav)|macfuse|osxfuse"
)


class Layout:
    """The paths of one data folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.current = root / "current"
        self.tags = root / "tags.json"
        self.tokens = root / "tokens.json"
        self.segments = root / "segments"
        self.releases = root / "releases"
        self.refused = root / "refused"
        self.staging = root / "staging"
        self.locks = root / "locks"
        self.build_lock = self.locks / "build"
        self.names_lock = self.locks / "names"
        self.tokens_lock = self.locks / "tokens"
        self.push_lock = self.locks / "push"

    def release_lock(self, identifier: str) -> Path:
        """The lock that readers of a release share."""
        return self.locks / f"release-{identifier}"

    def create(self) -> None:
        """Make the folders that are missing."""
        with explained(f"cannot make the data folder {self.root}"):
            for folder in (self.segments, self.releases, self.refused, self.staging, self.locks):
                folder.mkdir(parents=True, exist_ok=True)


def checked(root: Path, *, create: bool, file_system: FileSystem) -> Layout:
    """The layout of a data folder that may be used.

    Raises
    ------
    StoreUnavailableError
        There is none, and none is to be made.
    StoreError
        It lies on a network file system, or cannot be made.
    """
    kind = file_system(root)
    if is_remote(kind):
        raise StoreError(
            f"{root} is on a network file system ({kind}), where locks and renames are not to be trusted;"
            " choose a data folder on a local disk"
        )
    layout = Layout(root)
    if not create and not layout.releases.is_dir():
        raise StoreUnavailableError(f"{root} holds no releases; build first")
    if create or not layout.locks.is_dir():  # a copy made as a backup may lack the folders that were empty
        layout.create()
    return layout


def is_remote(kind: str) -> bool:
    """Whether a kind of file system is on the network."""
    return bool(_REMOTE.fullmatch(kind))


def file_system_of(path: Path) -> str:
    """The kind of file system that a path is on, or would be once it is made; empty if the system does not say."""
    place = path.resolve()
    mounts = {Path(partition.mountpoint): partition for partition in psutil.disk_partitions(all=True)}
    for folder in (place, *place.parents):
        if partition := mounts.get(folder):
            return "remote" if "remote" in partition.opts.split(",") else partition.fstype.lower()
    return "remote" if place.drive.startswith("\\\\") else ""
