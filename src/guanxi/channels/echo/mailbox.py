"""What Echo has received: a file of JSON lines, synced before anything is acknowledged.

A message id is accepted once; a repeat gets the first receipt and leaves a line that says so.
"""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path
from typing import Any


class Mailbox:
    """The received messages of one folder. Safe to call from several threads."""

    def __init__(self, folder: Path) -> None:
        """Reads back what the folder already holds; a line cut off by a crash was never acknowledged."""
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "received.jsonl"
        self._lock = threading.Lock()
        self._receipts: dict[str, str] = {}
        whole = self._path.read_bytes() if self._path.exists() else b""
        kept = whole[: whole.rfind(b"\n") + 1]
        for line in kept.splitlines():
            entry = json.loads(line)
            self._receipts.setdefault(entry["id"], entry["receipt"])
        self._file = self._path.open("ab")
        self._file.truncate(len(kept))

    def accept(self, message_id: str, letter: dict[str, Any]) -> tuple[str, bool]:
        """The receipt and whether the message had come before; on disk when this returns."""
        with self._lock:
            repeated = message_id in self._receipts
            receipt = self._receipts.get(message_id) or f"echo-{len(self._receipts) + 1}"
            entry = {"id": message_id, "receipt": receipt, "repeated": repeated, **letter}
            self._file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            self._receipts[message_id] = receipt
            return receipt, repeated

    def receipt(self, message_id: str) -> str | None:
        """The receipt of a message that came, or None."""
        with self._lock:
            return self._receipts.get(message_id)

    def received(self) -> list[dict[str, Any]]:
        """Every line, repeats included, in the order they came."""
        with self._lock:
            return [json.loads(line) for line in self._path.read_bytes().splitlines()]

    def close(self) -> None:
        """The file is closed."""
        self._file.close()
