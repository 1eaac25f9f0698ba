"""Reads of the database on behalf of event loops: in a few threads of their own.

Django's own bridge puts all of a process's queries in one thread; here a slow one delays no room.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import close_old_connections

P = ParamSpec("P")
T = TypeVar("T")

READING_THREADS = 4  # each may hold one database connection

_pool = ThreadPoolExecutor(READING_THREADS, thread_name_prefix="reading")


async def in_thread(function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Return what the function returns, called in a thread that may use the database."""

    def call() -> T:
        try:
            return function(*arguments, **named)
        finally:
            close_old_connections()

    return await asyncio.get_running_loop().run_in_executor(_pool, call)
