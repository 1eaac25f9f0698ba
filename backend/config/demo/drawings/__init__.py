"""What is drawn: one function per kind of thing, `draw(board, chance, colour)`.

`chance` is seeded per thing, so that every picture of a thing shows the same one.
"""
