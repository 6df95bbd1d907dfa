"""Writes the hash-locked requirement files from pyproject.toml; refuses to write a registry's address.

Run by `make lock`. One file answers for every Python from 3.11 on and for Linux and macOS.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = tomllib.loads((HERE.parent / "pyproject.toml").read_text())
RUN = PROJECT["project"]["dependencies"]
EXTRAS = PROJECT["project"]["optional-dependencies"]

# What is installed together is locked together: a later file obeys the earlier one it names.
# Peers (clients that tests speak with) and rivals (libraries that benches compare with) have folders of their own.
LOCKS: dict[str, tuple[list[str], str | None]] = {
    "setup": ([*PROJECT["build-system"]["requires"], "uv"], None),
    "run": (RUN, None),
    "assets": (EXTRAS["assets"], "run"),
    "dev": ([*RUN, *EXTRAS["dev"]], "run"),
    "spark": (EXTRAS["spark"], "dev"),
    "peers": (EXTRAS["peers"], None),
    "rivals": (EXTRAS["rivals"], None),
}

COMPILE = [
    *("uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
    *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-find-links"),
]


def write_lock(name: str, upgrade: bool) -> None:
    """``requirements/<name>.lock`` pins all that its requirements ask for, with hashes."""
    wanted, obeys = LOCKS[name]
    target = HERE / f"{name}.lock"
    options = ["--upgrade"] if upgrade else []
    options += ["--constraint", str(HERE / f"{obeys}.lock")] if obeys else []
    subprocess.run(  # noqa: S603 - the words are pyproject.toml's own
        [*COMPILE, *options, "--output-file", str(target), "-"],
        input="\n".join(wanted),
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    if "://" in (text := target.read_text()):
        raise SystemExit(f"{target.name} holds an address: {text[text.index('://') - 8 :].splitlines()[0]}")
    sys.stdout.write(f"  {target.name}: {text.count('==')} packages\n")


if __name__ == "__main__":
    for lock in LOCKS:
        write_lock(lock, upgrade="--upgrade" in sys.argv)
