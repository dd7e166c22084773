"""Damaged bytes by the thousand: sound workbooks come in, spoiled copies of them go out; run as a program it reads them.

``python -m tests.fuzzing COUNT SEED FILE…`` reads COUNT spoiled copies one after another in one process, as a run does,
and prints one JSON object: outcomes by finding code, the slowest file and the peak memory. A traceback or the death of
the process is the failure the test looks for.
"""

from __future__ import annotations

import io
import json
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path


def spoiled(data: bytes, chance: random.Random) -> tuple[str, bytes]:
    """One spoiled copy and the name of what was done to it."""
    kind = chance.choice(tuple(_WAYS))
    return kind, _WAYS[kind](data, chance)


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64))):
        at = chance.randrange(len(changed))
        changed[at] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _hole(data: bytes, chance: random.Random) -> bytes:
    """A block of zeros, as an unfinished synchronisation leaves it."""
    at, length = chance.randrange(len(data)), chance.choice((16, 512, 4096))
    return data[:at] + b"\0" * length + data[at + length :]


def _doubled(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[max(0, at - chance.randrange(1, 5000)) :]


def _members(data: bytes) -> dict[str, bytes] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {name: package.read(name) for name in package.namelist()}
    except zipfile.BadZipFile:
        return None


def _packed(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return packed.getvalue()


def _swapped(data: bytes, chance: random.Random) -> bytes:
    """Two members with each other's content."""
    parts = _members(data)
    if parts is None:
        return _hole(data, chance)
    first, second = chance.sample(sorted(parts), 2)
    return _packed({**parts, first: parts[second], second: parts[first]})


def _dropped(data: bytes, chance: random.Random) -> bytes:
    parts = _members(data)
    if parts is None:
        return _doubled(data, chance)
    gone = chance.choice(sorted(parts))
    return _packed({name: part for name, part in parts.items() if name != gone})


def _inside(data: bytes, chance: random.Random) -> bytes:
    """Bits flipped inside a member, its checksum made to fit: the parser, not the zip, must notice."""
    parts = _members(data)
    if parts is None:
        return _flipped(data, chance)
    name = chance.choice(sorted(name for name, part in parts.items() if part))
    return _packed({**parts, name: chance.choice((_flipped, _cut, _hole, _doubled))(parts[name], chance)})


def _numbers(data: bytes, chance: random.Random) -> bytes:
    """A number inside a member replaced by a monstrous one."""
    parts = _members(data)
    if parts is None:
        return _flipped(data, chance)
    name = chance.choice(sorted(name for name, part in parts.items() if any(48 <= byte < 58 for byte in part)))
    part = parts[name]
    places = [at for at, byte in enumerate(part) if 48 <= byte < 58]
    at = chance.choice(places)
    monster = chance.choice((b"-1", b"0", b"99999", b"4294967295", b"18446744073709551615", b"1e308", b"NaN", b"12,5"))
    return _packed({**parts, name: part[:at] + monster + part[at + 1 :]})


_WAYS = {
    "bits flipped": _flipped,
    "cut off": _cut,
    "a hole of zeros": _hole,
    "a stretch doubled": _doubled,
    "members swapped": _swapped,
    "a member dropped": _dropped,
    "damage inside a member": _inside,
    "a monstrous number": _numbers,
}


def outcomes(files: list[Path], count: int, seed: int) -> Iterator[tuple[str, str, float]]:
    """How each spoiled copy was spoiled, what became of it and how many seconds it took."""
    from cchc_xl.office.excel import Refused, parse
    from cchc_xl.records import SourceFile

    chance = random.Random(seed)
    sound = [(path.name, path.read_bytes()) for path in files]
    for number in range(count):
        name, data = sound[number % len(sound)]
        kind, bad = spoiled(data, chance)
        start = time.perf_counter()
        found = parse(bad, SourceFile(name, name, len(bad), datetime(2021, 3, 1, tzinfo=timezone.utc)))
        seconds = time.perf_counter() - start
        yield kind, found.finding.code if isinstance(found, Refused) else "read", seconds


def peak_memory() -> int:
    """The most memory this process, or one that it started and that has ended, has held, in bytes; 0 if not told.

    Of this process the kernel's own mark is read: what ``getrusage`` says counts the parent from which it was forked.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    import resource

    own = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * 1024


def main() -> None:
    count, seed, *files = sys.argv[1:]
    found = list(outcomes([Path(file) for file in files], int(count), int(seed)))
    from cchc_xl.office.excel.child import close

    close()  # only of a child that has ended does the system tell the peak
    table = Counter((kind, code) for kind, code, _ in found)
    print(
        json.dumps(
            {
                "files": len(found),
                "outcomes": [[kind, code, number] for (kind, code), number in sorted(table.items())],
                "slowest": max(seconds for *_, seconds in found),
                "peak": peak_memory(),
            }
        )
    )


if __name__ == "__main__":
    main()
