"""How much of a file is looked at: the bounds that keep every file within 20 seconds and 512 MiB."""

from __future__ import annotations

MAX_FILE = 64 * 1024 * 1024
MAX_MEMBERS = 100_000
# Inflated bytes of the parts that a reader of cells parses, one part and all of them.
MAX_PART = 96 * 1024 * 1024
MAX_INFLATED = 192 * 1024 * 1024
# Cells that hold something, in all sheets; a reader makes an object of each.
MAX_CELLS = 1_500_000
# The rectangle up to the last cell, which python-calamine fills in memory whatever it holds.
MAX_AREA = 1_000_000
# What is read in this process; above it a child reads the file, under limits of time and memory.
ORDINARY_AREA, ORDINARY_BYTES = 200_000, 24 * 1024 * 1024
# Openings of cells above which blank ones are taken out before anything is counted.
MANY_OPENINGS = 100_000
# Of a sheet with cells far away this block is read, and up to so many cells outside it are only named.
NEAR_COLUMNS, MAX_OUTSIDE = 256, 1_000
# openpyxl builds an object for every cell of a merged range.
MAX_MERGED, MAX_RANGES = 50_000, 5_000
