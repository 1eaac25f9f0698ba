"""How passwords are hashed: Argon2id with the memory of a small server in mind."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """OWASP's parameters: 19 MiB, two passes, one thread.

    Django's default takes 100 MiB and eight threads a login: a handful of logins at once, or one
    attacker, would push a small machine into swap. Hashes with other parameters still verify
    and are renewed at the next login.
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
