"""The project's own source files, read once."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

BACKEND = Path(__file__).resolve().parents[2]
PACKAGES = ("apps", "config", "domain")
GENERATED = ("migrations",)


@dataclass(frozen=True)
class Source:
    """A file: its path below backend/, its lines, its syntax tree."""

    path: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines of the file."""
        return self.text.splitlines()

    @property
    def name(self) -> str:
        """The file's name without folder and ending."""
        return Path(self.path).stem

    @property
    def nodes(self) -> list[ast.AST]:
        """Every node of the syntax tree."""
        return list(ast.walk(_tree(self)))

    @property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return _tree(self)


@cache
def _tree(source: Source) -> ast.Module:
    return ast.parse(source.text, source.path)


@cache
def sources(*folders: str) -> tuple[Source, ...]:
    """Return the Python files below these folders; without one, those of the program itself."""
    paths = sorted(
        path for folder in folders or PACKAGES for path in BACKEND.glob(f"{folder}/**/*.py")
    )
    return tuple(
        Source(str(path.relative_to(BACKEND)), path.read_text(encoding="utf-8"))
        for path in paths
        if not set(path.relative_to(BACKEND).parts) & set(GENERATED)
    )
