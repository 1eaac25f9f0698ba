"""Measurements against a running server: ratios within one run, never absolute promises."""
