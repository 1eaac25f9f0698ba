"""The environment, typed. A variable that is missing or makes no sense names itself."""

import os
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):  # type: ignore[misc] # it has no types
    """django-environ, with errors that name the variable."""

    def get_value(self, var: str, cast: Any = None, *rest: Any, **named: Any) -> Any:
        """Return a variable's value; raises ImproperlyConfigured."""
        try:
            return super().get_value(var, cast, *rest, **named)
        except ValueError as error:
            wanted = "a whole number" if cast is int else "understood"
            raise ImproperlyConfigured(f"{var}={os.environ.get(var)} is not {wanted}") from error

    def word(self, var: str, default: str, *others: str) -> str:
        """Return a variable that is one of a few words; raises ImproperlyConfigured."""
        words = (default, *others)
        value: str = self.str(var, default=default)
        if value not in words:
            raise ImproperlyConfigured(f"{var}={value} is none of {', '.join(words)}")
        return value


env = Environment()
