"""Results handed back: what is damaged, altered or cannot be is told by name; never a traceback, and the others count."""

from __future__ import annotations

import copy
import json
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import cchc_xl
from cchc_xl import CannotRunError
from cchc_xl.pipeline.line import open_result
from cchc_xl.result import Result, manifest
from tests.conftest import WHOLE

MUTATIONS = 120 if WHOLE else 40


@pytest.fixture(scope="module")
def result(quarter: Result) -> Path:
    """A sound result; not to be changed."""
    return Path(str(quarter.folder))


@pytest.fixture
def agencies(result: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Two results; the second is to be damaged."""
    return tuple(Path(shutil.copytree(result, tmp_path / name)) for name in ("so-a", "so-b"))  # type: ignore[return-value]


def altered(folder: Path, change: Callable[[Any], object], *, sealed: bool = False) -> None:
    """Changes the result; ``sealed``: the manifest vouches for the change."""
    path = folder / "result.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    change(stored)
    path.write_text(json.dumps(stored), encoding="utf-8")
    if sealed:
        known = manifest.load(folder)
        assert known is not None
        manifest.save(folder, replace(known, files={**known.files, path.name: manifest.sha256(path)}))


def _looped(stored: Any) -> None:
    stored["criteria"][0]["parent"] = stored["criteria"][1]["code"]
    stored["criteria"][1]["parent"] = stored["criteria"][0]["code"]


BAD: list[tuple[str, Callable[[Path], object], str]] = [
    ("forged", lambda folder: altered(folder, lambda it: it["index"].update(percent="999.99")), "SHA-256"),
    ("one letter", lambda folder: altered(folder, lambda it: it.update(agency="Sở B")), "SHA-256"),
    ("no index", lambda folder: altered(folder, lambda it: it.pop("index"), sealed=True), "“index” bị thiếu"),
    ("NaN", lambda folder: altered(folder, lambda it: it["index"].update(percent=float("nan")), sealed=True), "percent"),
    ("1e9 %", lambda folder: altered(folder, lambda it: it["index"].update(percent="1000000000"), sealed=True), "percent"),
    ("digits", lambda folder: altered(folder, lambda it: it["settings"].update(places=10**9), sealed=True), "places"),
    ("loop", lambda folder: altered(folder, _looped, sealed=True), "dẫn vòng"),
    ("brackets", lambda folder: (folder / "manifest.json").unlink() or (folder / "result.json").write_text("[" * 100_000), "lồng quá nhiều lớp"),
    ("no text", lambda folder: (folder / "manifest.json").unlink() or (folder / "result.json").write_bytes(b"\xff\xfe{"), "JSON"),
    ("folder", lambda folder: (folder / "result.json").unlink() or (folder / "result.json").mkdir(), "result.json"),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "told"), [item[1:] for item in BAD], ids=[item[0] for item in BAD])
def test_one_bad_result_is_told_and_the_others_are_ranked(
    agencies: tuple[Path, Path], damage: Callable[[Path], object], told: str
) -> None:
    sound, bad = agencies
    damage(bad)
    answer = cchc_xl.rank([bad, sound])
    assert [row.label for row in answer.value.agencies] == ["so-a"]
    assert any("R101" in line and "so-b" in line and told in line for line in answer.lines)
    assert [item["code"] for item in answer.told["findings"]] == ["R101"]  # type: ignore[attr-defined]
    for ask in (
        lambda: cchc_xl.explain(bad, "1.6"),
        lambda: cchc_xl.advise(bad, 80),
        lambda: cchc_xl.compare(sound, bad),
        lambda: cchc_xl.report(bad),
        lambda: cchc_xl.rank([bad]),
    ):
        with pytest.raises(CannotRunError, match="so-b"):
            ask()


def test_a_manifest_that_cannot_be_read_contradicts_nothing(agencies: tuple[Path, Path]) -> None:
    for text in ("[" * 100_000, "{}", '{"files": []}', "\x00"):
        (agencies[1] / "manifest.json").write_text(text)
        assert open_result(agencies[1]).period == "2021-Q1"


VALUES = (
    *(None, True, 0, -1, 10**9, 10**13, "", "NaN", "1e999", "9" * 900, "-" + "9" * 50, "100000000", "1.5", [], {}),
    *("x" * 5_000, "\ud800", "\x1b[2J", "{{ x }}", "9999-12-31", "0001-01-01", "group", "missing", "not_applicable"),
)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in items for place in _places(item, (*path, key)))]


def _mutate(stored: Any, places: list[tuple[Any, ...]], dice: random.Random) -> None:
    *above, last = dice.choice(places[1:])
    holder = stored
    for step in above:
        holder = holder[step]
    match dice.randrange(4):
        case 0:
            del holder[last]
        case 1 if isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
        case 2:
            other = stored
            for step in dice.choice(places[1:]):
                other = other[step]
            holder[last] = copy.deepcopy(other)
        case _:
            holder[last] = dice.choice(VALUES)


def test_no_mutated_result_ends_in_a_traceback(result: Path, tmp_path: Path) -> None:
    """Seeded; the same over some hundreds of mutations is how the bounds were found."""
    text = (result / "result.json").read_text(encoding="utf-8")
    places = _places(json.loads(text))
    dice, opened = random.Random(12), 0
    sentences: list[str] = []
    for _ in range(MUTATIONS):
        stored = json.loads(text)
        _mutate(stored, places, dice)
        (tmp_path / "result.json").write_text(json.dumps(stored), encoding="utf-8")
        try:
            open_result(tmp_path)
        except CannotRunError:
            continue
        opened += 1
        for ask in (
            lambda: cchc_xl.rank([tmp_path]),
            lambda: cchc_xl.compare(tmp_path, result),
            lambda: cchc_xl.explain(tmp_path, "1.6"),
            lambda: cchc_xl.explain_figure(tmp_path, "39"),
            lambda: cchc_xl.advise(tmp_path, 80),
        ):
            try:
                json.dumps(ask().told)  # type: ignore[attr-defined]
            except CannotRunError as told:
                sentences.append(str(told))
    assert not any("\n" in sentence for sentence in sentences)
    assert opened > MUTATIONS // 10, "some mutations must be ones that only the questions can stumble over"
