"""PostgreSQL, Redis or Valkey, HTTPS. Refuses to start with an unsafe value."""

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *  # noqa: F403
from config.settings.base import env

DEBUG = False
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
SECRET_KEY_LENGTH_MIN = 40

if len(SECRET_KEY) < SECRET_KEY_LENGTH_MIN:
    raise ImproperlyConfigured("SECRET_KEY must have at least 40 characters")
if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts this site answers to")

SITE_URL = env.str("SITE_URL", default=f"https://{ALLOWED_HOSTS[0].lstrip('.')}").rstrip("/")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
CSRF_COOKIE_SECURE = True
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)

#: Play money needs to be asked for by name, so that no real market takes it by mistake.
SANDBOX_PAYMENTS = env.word("SANDBOX_PAYMENTS", "off", "force") == "force"
