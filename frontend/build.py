"""Build the web app into frontend/dist: `python build.py`, or `python build.py dev` for its tools too.

Needs the environment that backend/requirements/install.py makes (it brings Node). What is built
is known by the content of everything it is made of: a second run does nothing.
"""

import gzip
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import brotli

FRONTEND = Path(__file__).resolve().parent
ROOT = FRONTEND.parent
BIN = Path(sys.executable).parent
MODULES = FRONTEND / "node_modules"
DIST = FRONTEND / "dist"
INSTALLED = MODULES / ".installed.json"  # lock and kind of what node_modules holds
BUILT = DIST / ".built"  # what dist was made of
SOURCES = ("src", "public", "scripts")
COMPRESSED = (".js", ".css", ".svg", ".html", ".json", ".webmanifest", ".txt")
COMPRESSED_BYTES_MIN = 512


def main(kind: str) -> int:
    """Install what is missing, build what has changed; returns the exit status."""
    if install(kind) or build():
        print("The web app could not be built; the lines above say why.", file=sys.stderr)
        return 1
    return 0


def install(kind: str) -> int:
    """Make node_modules hold the lock's packages; `dev` contains `run`."""
    lock = digest([FRONTEND / "package-lock.json", FRONTEND / "package.json"])
    if INSTALLED.exists() and json.loads(INSTALLED.read_text()) in ([lock, kind], [lock, "dev"]):
        return 0
    count = len(json.loads((FRONTEND / "package-lock.json").read_text())["packages"]) - 1
    print(f"Installing the web app's packages (of {count} in package-lock.json)…", flush=True)
    only = [] if kind == "dev" else ["--omit=dev"]
    # Not `npm ci`: it wants every platform's packages in the lock, also those a registry lacks.
    quiet = ("--no-audit", "--no-fund", "--loglevel=error")
    status = npm("install", "--no-save", "--ignore-scripts", *quiet, *only)
    if status == 0:
        INSTALLED.write_text(json.dumps([lock, kind]))
    return status


def build() -> int:
    """Build unless dist was made of exactly this."""
    made_of = digest(sources())
    if BUILT.exists() and BUILT.read_text() == made_of:
        return 0
    print("Building the web app…", flush=True)
    status = npm("run", "--silent", "build")
    if status == 0:
        compress()
        BUILT.write_text(made_of)
    return status


def npm(*arguments: str) -> int:
    """Run npm with the environment's own Node; returns its exit status."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [str(BIN / "npm"), *arguments]
    return subprocess.run(command, cwd=FRONTEND, env={**os.environ, "PATH": path}).returncode


def sources() -> Iterator[Path]:
    """Yield every file the built app depends on."""
    yield from sorted(path for path in FRONTEND.iterdir() if path.is_file())
    for folder in SOURCES:
        yield from sorted(path for path in (FRONTEND / folder).rglob("*") if path.is_file())
    yield from sorted((ROOT / "contracts").iterdir())


def digest(paths: "Iterator[Path] | list[Path]") -> str:
    """Return what these files' names and contents are known by; generated ones count for nothing."""
    total = hashlib.sha256()
    for path in paths:
        if ".gen." not in path.name:
            total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def compress() -> None:
    """Leave a compressed copy beside every file worth it."""
    for path in DIST.rglob("*"):
        if path.suffix in COMPRESSED and path.stat().st_size >= COMPRESSED_BYTES_MIN:
            content = path.read_bytes()
            path.with_name(f"{path.name}.br").write_bytes(brotli.compress(content, quality=9))
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, mtime=0))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "run"))
