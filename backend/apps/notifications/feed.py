"""What open sockets are sent: one look a second at the rows, for all sockets of this process.

The rows are the truth, whichever process wrote them: no message is lost on the way, because none
is on the way. Ids are given out in another order than they are committed in, so each look goes a
little further back than the last one went, and a socket is sent each id once.
"""

import asyncio
import logging
from typing import Any

from apps.core.frames import text_message
from apps.core.json import encode
from apps.core.offload import in_thread
from apps.core.outlet import Outlet
from apps.notifications import selectors
from apps.notifications.models import Notification
from apps.notifications.serializers import notification_body

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
OVERLAP_IDS = 1000  # looked at again: ids still being written when later ones were committed
MISSED_MAX = 200  # sent to a socket that resumes; the list has the rest


class Listener:
    """One socket, and what it was sent."""

    def __init__(self, user_id: int, outlet: Outlet) -> None:
        self.user_id = user_id
        self.outlet = outlet
        self.sent_ids: set[int] = set()
        self.unread_count: int | None = None

    def say(self, word: str, /, **body: Any) -> None:
        """Send a message."""
        self.outlet.say(text_message(encode({"type": word, **body})))

    def tell(self, rows: list[Notification], unread_count: int) -> None:
        """Send what it was not sent, and how much is unread if only that has changed."""
        fresh = [row for row in rows if row.pk not in self.sent_ids]
        for row in fresh:
            self.say("notification", **notification_body(row), unread_count=unread_count)
        if not fresh and unread_count != self.unread_count:
            self.say("unread_count", unread_count=unread_count)
        self.sent_ids = {row.pk for row in rows}
        self.unread_count = unread_count


class Feed:
    """The listeners of this process, of one event loop."""

    def __init__(self) -> None:
        self._listeners: dict[int, set[Listener]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._looking: asyncio.Task[None] | None = None
        self._head = 0

    async def join(self, listener: Listener, last_id: int | None) -> None:
        """Begin: how much is unread and, after `last_id`, what was missed."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # an earlier event loop has ended and its sockets with it
            self._loop, self._looking = loop, None
            self._listeners.clear()
        head = await in_thread(selectors.head_of_all)
        if not self._listeners:
            self._head = head
        await self.resume(listener, head if last_id is None else last_id, head)
        self._listeners.setdefault(listener.user_id, set()).add(listener)
        if self._looking is None or self._looking.done():
            self._looking = loop.create_task(self._look())

    async def resume(self, listener: Listener, last_id: int, head: int | None = None) -> None:
        """Send what came after an id."""
        if head is None:
            head = await in_thread(selectors.head_of_all)
        after = min(last_id, min(self._head, head) - OVERLAP_IDS)
        user_id = listener.user_id
        rows = await in_thread(selectors.news_of, [user_id], after, OVERLAP_IDS * 2)
        counts = await in_thread(selectors.unread_counts, [user_id])
        listener.unread_count = counts[user_id]
        missed = [row for row in rows if row.pk > last_id][-MISSED_MAX:]
        listener.sent_ids = {row.pk for row in rows} - {row.pk for row in missed}
        newest = missed[-1].pk if missed else last_id
        listener.say("ready", unread_count=counts[user_id], last_id=newest)
        listener.tell(rows, counts[user_id])

    def leave(self, listener: Listener) -> None:
        """Take a socket out."""
        listeners = self._listeners.get(listener.user_id)
        if listeners is not None:
            listeners.discard(listener)
            if not listeners:
                del self._listeners[listener.user_id]

    async def _look(self) -> None:
        while self._listeners:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._tell_news()
            except Exception:
                log.exception("notifications cannot be read; trying again")

    async def _tell_news(self) -> None:
        user_ids = list(self._listeners)
        head = await in_thread(selectors.head_of_all)
        after = min(self._head, head) - OVERLAP_IDS
        rows = await in_thread(selectors.news_of, user_ids, after, OVERLAP_IDS * 2)
        counts = await in_thread(selectors.unread_counts, user_ids)
        self._head = head
        by_user: dict[int, list[Notification]] = {user_id: [] for user_id in user_ids}
        for row in rows:
            by_user[row.user_id].append(row)
        for user_id, own in by_user.items():
            for listener in tuple(self._listeners.get(user_id, ())):
                listener.tell(own, counts[user_id])


feed = Feed()
