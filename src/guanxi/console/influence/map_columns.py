"""The map as the browser reads it: a head in JSON, then its columns as little-endian numbers, each on a multiple
of 8.

100,000 ties are 1.6 MB that need no parsing; the same as JSON is six times as much and a second of work.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from guanxi.influence.map.queries import MapView

HUES = 10
_STEP = 8
STANDINGS = ("", "shortlisted", "invited", "active", "resting", "declined", "screened")


def encoded(view: MapView, names: Mapping[int, str], standing: Mapping[int, str]) -> bytes:
    """The map in one piece; names only for those given."""
    columns = _columns(view, standing)
    head = {
        "fans": len(view.fan),
        "ties": len(view.source),
        "columns": [[name, values.dtype.str, len(values)] for name, values in columns.items()],
        "names": [names.get(fan, "") for fan in view.fan[: len(names)].tolist()],
    }
    return _joined(json.dumps(head).encode(), list(columns.values()))


def _columns(view: MapView, standing: Mapping[int, str]) -> dict[str, npt.NDArray[np.generic]]:
    return {
        "fan": view.fan.astype("<f8"),
        "x": view.x.astype("<f4"),
        "y": view.y.astype("<f4"),
        "weight": view.weight.astype("<f4"),
        "community": view.community.astype("<i4"),
        "source": view.source.astype("<u4"),
        "target": view.target.astype("<u4"),
        "hue": _hues(view),
        "band": view.band.astype("i1"),
        "standing": _standings(view, standing),
    }


def _hues(view: MapView) -> npt.NDArray[np.uint8]:
    """The largest communities have a hue each; the many small ones share the last, quiet one."""
    found = np.full(len(view.fan), HUES, np.uint8)
    for hue, (community, _size) in enumerate(view.communities()[:HUES]):
        found[view.community == community] = hue
    return found


def _standings(view: MapView, standing: Mapping[int, str]) -> npt.NDArray[np.uint8]:
    found = np.zeros(len(view.fan), np.uint8)
    for fan, state in standing.items():
        place = view.place_of(fan)
        if place is not None:
            found[place] = STANDINGS.index(state)
    return found


def _joined(head: bytes, columns: Sequence[npt.NDArray[np.generic]]) -> bytes:
    padded = head + b" " * (-(len(head) + _STEP) % _STEP)
    pieces = [len(padded).to_bytes(_STEP, "little"), padded]
    for column in columns:
        raw = column.tobytes()
        pieces.append(raw + b"\0" * (-len(raw) % _STEP))
    return b"".join(pieces)
