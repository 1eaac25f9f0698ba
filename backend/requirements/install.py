"""Make .venv hold exactly what a lock names: `python3 install.py base` or `dev`.

Needs Python 3.11 or newer and nothing else. Every download is checked against the lock's
hashes. A second run with the same lock does nothing; `dev` contains `base`. Also writes
.venv/bin/bidbazaar, a two-line script: quicker and sturdier than an editable installation.
"""

import hashlib
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

PYTHON_MIN = (3, 11)
BACKEND = Path(__file__).resolve().parents[1]
ROOT = BACKEND.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "locks.json"
SCRIPT = """#!/bin/sh
PYTHONPATH={backend}${{PYTHONPATH:+:$PYTHONPATH}} exec {python} -m config.program "$@"
"""


def main(name: str) -> int:
    """Install the lock of that name unless it is installed; returns the exit status."""
    if sys.version_info < PYTHON_MIN:
        wanted = ".".join(map(str, PYTHON_MIN))
        return complain(f"Python {wanted} or newer is needed; try `make PYTHON=python3.12 …`")
    installed = read_stamp()
    if installed.get(name) == fingerprint(name) or installed.get("dev") == fingerprint("dev"):
        return 0
    if not works():
        if VENV.exists():
            shutil.rmtree(VENV)
        print("Making .venv…", flush=True)
        if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
            return complain("cannot make a virtual environment; on Debian install python3-venv")
    if run_pip(name):
        return complain("installing failed; the lines above say why. Run it again: it resumes")
    write_script()
    STAMP.write_text(json.dumps({**read_stamp(), name: fingerprint(name)}))
    return 0


def run_pip(name: str) -> int:
    """Install a lock, counting its packages as they come; returns pip's exit status."""
    total = sum(line[:1].isalnum() for line in lock(name).read_text().splitlines())
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar=off", "--require-hashes", "--no-deps"]
    command += ["-r", str(lock(name))]
    print(f"Installing the {total} packages of requirements/{name}.txt…", flush=True)
    done = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:
        for line in pip.stdout or ():
            done += line.startswith(("Collecting ", "Requirement already satisfied: "))
            last = line.startswith("Installing collected packages")
            if sys.stdout.isatty():
                print(f"\r  {done}/{total}" + (" fetched; unpacking…" if last else ""), end="")
                sys.stdout.flush()
    if sys.stdout.isatty():
        print()
    return pip.returncode


def lock(name: str) -> Path:
    """Return the path of a lock."""
    return BACKEND / "requirements" / f"{name}.txt"


def fingerprint(name: str) -> str:
    """Return what an environment made from this lock, here, by this script is known by."""
    parts = [lock(name).read_bytes(), Path(__file__).read_bytes(), bytes(VENV)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def read_stamp() -> "dict[str, str]":
    """Return the fingerprints of what .venv holds."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text()) if PYTHON.exists() else {}
    except (OSError, ValueError):
        return {}
    return stamp


def works() -> bool:
    """Tell whether .venv is here, was made at this very place, and has a usable Python and pip."""
    question = f"import pip, sys; assert sys.version_info >= {PYTHON_MIN}; print(sys.prefix)"
    try:
        answer = subprocess.run([str(PYTHON), "-c", question], capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.decode().strip() == str(VENV)


def write_script() -> None:
    """Write the `bidbazaar` command."""
    script = VENV / "bin" / "bidbazaar"
    script.write_text(
        SCRIPT.format(backend=shlex.quote(str(BACKEND)), python=shlex.quote(str(PYTHON)))
    )
    script.chmod(0o755)


def complain(message: str) -> int:
    """Say what is wrong; returns the exit status of a failure."""
    print(f"make: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
