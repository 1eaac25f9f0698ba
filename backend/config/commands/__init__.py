"""The program's commands, one module each: `run(options) -> exit status`.

They are imported when asked for, because most need Django and a few must start at once.
"""


class CommandError(Exception):
    """Something a person can put right; the message says what and how, in one line.

    `status` is the exit status: 1 for a failure, 2 for a wrong request.
    """

    def __init__(self, message: str, *, status: int = 1) -> None:
        super().__init__(message)
        self.status = status
