"""The benchmark itself runs, on few files; its figures are for people."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import main


def test_the_benchmark_runs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["benchmarks", "--files", "10", "--rounds", "1"])
    main()
    assert "10 workbooks" in capsys.readouterr().out
