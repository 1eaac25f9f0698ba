"""The auction's rules as plain Python: no framework, no I/O, no clock, no chance."""
