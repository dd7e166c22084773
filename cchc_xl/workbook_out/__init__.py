"""The consolidated workbook: the records of a run come in, ``tong-hop.xlsx`` goes out.

Contract: design §5. The sheet ``Chấm điểm`` computes every score by Excel formulas down to figure cells of the same
workbook; the values are stored beside the formulas, so that a viewer shows numbers.
"""

from __future__ import annotations

from pathlib import Path

from cchc_xl.office.excel.book import Book
from cchc_xl.office.excel.bounds import STAMP_SHEET
from cchc_xl.records import Consolidation, Edition, Scorecard
from cchc_xl.result.result_file import Document
from cchc_xl.workbook_out.figures import write_figures
from cchc_xl.workbook_out.outlook import write_outlook
from cchc_xl.workbook_out.reported import write_reported
from cchc_xl.workbook_out.scores import write_scores
from cchc_xl.workbook_out.summary import write_summary
from cchc_xl.workbook_out.tables import write_tables


def write_consolidated(
    edition: Edition, consolidation: Consolidation, scorecard: Scorecard, document: Document, path: Path
) -> None:
    """Writes the consolidated workbook of one run to ``path``."""
    with Book(path) as book:
        summary = book.sheet("Tóm tắt", (46, 15, 15, 15, 15, 24), portrait=True)
        scores = book.sheet("Chấm điểm", (12, 52, 11, 11, 12, 10, 14, 16, 11, 16, 80, 11, 11))
        figures = write_figures(book, edition, consolidation)
        reported = write_reported(book, edition, consolidation)
        rows = write_scores(book, scores, scorecard, figures, reported)
        write_summary(book, summary, document, rows)
        write_outlook(book, document)
        write_tables(book, document)
        stamp = book.workbook.add_worksheet(STAMP_SHEET)
        for number, pair in enumerate((("kind", "tong-hop"), ("period", edition.period.code))):
            for column, text in enumerate(pair):
                stamp.write_string(number, column, text)
        stamp.hide()
        summary.activate()
