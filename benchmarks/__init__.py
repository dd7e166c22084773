"""Measurements side by side in one run: ratios, because machines are noisy. See ``python -m benchmarks --help``."""
