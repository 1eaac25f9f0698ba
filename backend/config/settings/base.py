"""Settings shared by all environments; docs/configuration.md lists what the environment may set."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.env import env
from config.settings.enum_names import ENUM_NAMES

BACKEND_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.str("DATA_DIR", default=str(BACKEND_DIR.parent / "var"))).resolve()

# --- applications -----------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",  # its pages: apps/backoffice/office_site.py
    "django.contrib.messages",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "corsheaders",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "apps.core",
    "apps.users",
    "apps.auctions",
    "apps.bidding",
    "apps.payments",
    "apps.notifications",
    "apps.webhooks",
    "apps.risk",
    "apps.backoffice",
    "apps.privacy",
    "apps.bidbazaar",
    "apps.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.backoffice.office_access.OfficeMiddleware",
]
#: Django's admin asks for middleware of Django's sessions; ours stands on our own.
SILENCED_SYSTEM_CHECKS = ["admin.E408", "admin.E409", "admin.E410"]
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
DJANGO_ADMIN_PATH = env.str("DJANGO_ADMIN_PATH", default="/django-admin/")  # empty: there is none
if DJANGO_ADMIN_PATH and not re.fullmatch(r"/[a-z0-9][a-z0-9/-]*/", DJANGO_ADMIN_PATH):
    raise ImproperlyConfigured("DJANGO_ADMIN_PATH must look like /django-admin/, or be empty")
CSRF_COOKIE_PATH = DJANGO_ADMIN_PATH or "/"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"

ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "users.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
EVENT_ROUTES = "config.event_routes"  # the one dynamic link: core finds the event table by name

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# --- language and time ------------------------------------------------------------------------

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

# --- database ---------------------------------------------------------------------------------

DATABASE_ENGINES = ("django.db.backends.sqlite3", "django.db.backends.postgresql")


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's settings for a database URL, with what each engine needs to keep a promise.

    SQLite: WAL so that readers never wait, synchronous=FULL because an acknowledged bid must
    survive a power cut, IMMEDIATE because every write transaction of ours reads first.
    PostgreSQL: a connection pool per process.
    """
    settings: dict[str, Any] = dict(env.db_url_config(url))
    if settings.get("ENGINE") not in DATABASE_ENGINES:
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://")
    if settings["ENGINE"] == "django.db.backends.sqlite3":
        settings["CONN_MAX_AGE"] = None  # opening one costs more than a bid; one per thread
        settings["OPTIONS"] = {
            "timeout": 20,  # seconds a writer waits for another process's transaction
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                "PRAGMA mmap_size=134217728; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
            ),
        }
    else:
        settings["CONN_MAX_AGE"] = 0  # the pool keeps connections, not the thread
        settings["OPTIONS"] = {
            **settings.get("OPTIONS", {}),  # of the URL: ?sslmode=require, ?host=/run/postgresql
            "pool": {
                "min_size": 2,
                "max_size": env.int("DATABASE_POOL_SIZE", default=20),
                "timeout": 10,  # seconds to wait for a free connection
            },
        }
    return settings


DATABASES = {
    "default": database_settings(
        env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'bidbazaar.sqlite3'}"),
    ),
}

# --- between processes ------------------------------------------------------------------------

REDIS_URL = env.str("REDIS_URL", default="")

CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # redis-py gives sockets a read timeout that would cut an idle subscription.
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    ),
}

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    ),
}

CELERY_BROKER_URL = REDIS_URL or "memory://"

# --- files ------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WEB_APP_DIR = env.str("WEB_APP_DIR", default=str(BACKEND_DIR.parent / "frontend" / "dist"))
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"


def storage_settings(url: str) -> dict[str, Any]:
    """Return Django's settings of where uploads are kept: MEDIA_ROOT, or an S3-compatible bucket.

    A bucket's secrets are not in its URL: boto3 finds them where it always does
    (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, ~/.aws, the machine's role).
    """
    if not url:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    options = {name: asked.pop(name) for name in BUCKET_OPTIONS if name in asked}
    if parts.scheme != "s3" or not parts.hostname or parts.username or asked:
        raise ImproperlyConfigured(
            "STORAGE_URL must look like s3://bucket/folder?endpoint_url=https://…; it may have "
            + ", ".join(BUCKET_OPTIONS)
        )
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.hostname,
            "location": parts.path.strip("/"),
            "querystring_auth": False,  # addresses stay the same: pictures of a market are public
            "file_overwrite": True,  # every name is new; asking first would cost a request
            "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
            **options,
        },
    }


#: What STORAGE_URL may add: another provider, its region, the host name pictures are served from.
BUCKET_OPTIONS = ("endpoint_url", "region_name", "custom_domain", "addressing_style", "default_acl")
STORAGES = {
    "default": storage_settings(env.str("STORAGE_URL", default="")),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
REQUEST_BYTES_MAX = 256 * 1024  # of a JSON body
UPLOAD_BYTES_MAX = 5 * 1024 * 1024  # of one image
UPLOAD_FILES_MAX = 10  # images in one request
DATA_UPLOAD_MAX_MEMORY_SIZE = REQUEST_BYTES_MAX
FILE_UPLOAD_MAX_MEMORY_SIZE = UPLOAD_BYTES_MAX

# --- mail -------------------------------------------------------------------------------------

#: Where people find the site: links in mails, and the name passkeys are bound to.
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
EMAIL_FROM = env.str("EMAIL_FROM", default="")  # empty: the site's name, noreply@ its host
EMAIL_TIMEOUT = 10  # seconds
# Nothing leaves this machine unless EMAIL_URL says so: each mail is a file one can open.
globals().update(env.email_url("EMAIL_URL", default=f"filemail:///{quote(str(DATA_DIR / 'mail'))}"))
#: Domains, or origins to the letter, that notifications may be pushed through: browsers name an
#: address of theirs, and it must not be anybody else's.
PUSH_SERVICES = env.list(
    "PUSH_SERVICES",
    default=[
        *("fcm.googleapis.com", "jmt17.google.com", "push.services.mozilla.com"),
        *("notify.windows.com", "push.apple.com"),
    ],
)
#: What a mail service says when it reports an address that takes no mail; empty: none may.
EMAIL_BOUNCE_SECRET = env.str("EMAIL_BOUNCE_SECRET", default="")
NOTIFICATIONS_KEPT_DAYS = env.int("NOTIFICATIONS_KEPT_DAYS", default=90)  # once read
EMAIL_VERIFICATION = env.word("EMAIL_VERIFICATION", "off", "optional", "required")

# --- security ---------------------------------------------------------------------------------

PASSWORD_HASHERS = ["apps.users.hashers.Argon2Hasher"]
# What a password may not be besides: apps/users/rules.py. The list has the 20,000 most common
# ones; the guide's sample is not among them.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
]
if env.word("COMMON_PASSWORDS", "refused", "allowed") == "refused":
    AUTH_PASSWORD_VALIDATORS.append(
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"}
    )
STAFF_SECOND_FACTOR = env.word("STAFF_SECOND_FACTOR", "off", "required")
ACCESS_TOKEN_LIFETIME = timedelta(hours=1)
REFRESH_TOKEN_LIFETIME = timedelta(days=7)
SESSION_LIFETIME_MAX = timedelta(days=90)  # however often it is refreshed: then log in again
SOCKET_TICKET_SECONDS = 30
TOKEN_ISSUER = env.str("TOKEN_ISSUER", default="bidbazaar")
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
APPEND_SLASH = False  # both forms are served; a redirected POST would lose its body
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_EXPOSE_HEADERS = ["Retry-After", "X-Request-Id"]
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "idempotency-key"]
RATE_LIMITS = env.str("RATE_LIMITS", default="on") != "off"
#: What apps/core/throttling.py counts -> (how many, within how many seconds).
RATES = {
    "login_account": (5, 60),  # failures per account and address: nobody locks a victim out
    "login_address": (20, 60),  # failures per address
    "register_address": (env.int("REGISTRATIONS_PER_HOUR", default=10), 3600),
    "refresh_address": (120, 60),
    "ticket_user": (60, 60),
    "mail_address": (20, 3600),  # mails asked for by people who are not logged in
    "mail_user": (5, 3600),
    "code_address": (20, 60),  # failures with codes of a second factor, links of a mail, passkeys
    "passkey_address": (60, 60),  # challenges handed out
    "confirm_user": (10, 300),  # failures to confirm with one's own password or code
    "upload_user": (60, 3600),
    "listing_user": (600, 3600),
    "watch_user": (120, 60),
    "money_user": (60, 60),
    "report_user": (20, 3600),
    "appeal_address": (20, 3600),  # by who is shut out, with a mailed link
    "message_user": (20, 60),  # sent
    "message_read_user": (300, 60),  # marked as read
    "block_user": (60, 60),
    "webhook_user": (60, 60),  # changes, tests, replays
    "push_user": (30, 3600),
}
PROXY_COUNT = env.int("PROXY_COUNT", default=0)  # trusted proxies that append X-Forwarded-For
WS_QUERY_TOKEN = env.bool("WS_QUERY_TOKEN", default=False)
#: Where addresses that users name may lead (apps/core/outgoing.py): the public internet by https.
OUTGOING_TARGETS = env.word("OUTGOING_TARGETS", "public", "any")

# --- market -----------------------------------------------------------------------------------

SITE_NAME = env.str("SITE_NAME", default="BidBazaar")
DEMO_ACCOUNTS = ("seller", "bidder1", "bidder2", "staff")  # of config/demo/
DEMO_PASSWORD = "bidbazaar-demo"  # noqa: S105 - printed for everybody to use
SITE_CURRENCY = env.str("SITE_CURRENCY", default="USD")
AUCTION_DURATION_SECONDS = 7 * 24 * 3600
AUCTION_DURATION_SECONDS_MIN = 1  # flash sales and rehearsals are the seller's choice
AUCTION_DURATION_SECONDS_MAX = 10 * 366 * 24 * 3600  # a typing error, not an auction
AUCTION_START_AHEAD_SECONDS_MAX = 10 * 366 * 24 * 3600
SAVED_SEARCHES_MAX = 50  # of one user
KEEP_READS = True  # anonymous reads of listings answered from memory while nothing has changed
INCREMENT_TABLE = "ebay_us"  # of domain/tables.py, for categories without their own
SOFT_CLOSE_WINDOW_SECONDS = 120
SOFT_CLOSE_EXTENSION_SECONDS = 120
ENDING_SOON_SECONDS = [60]
BUY_NOW_PERCENT_MIN = 130  # of the starting price (R27)
BIDDER_RETRACTION = env.str("BIDDER_RETRACTION", default="none")  # or ebay (rule book 5.1)

# --- the live room and the desk ---------------------------------------------------------------

DESK_QUEUE_MAX = 2000  # commands waiting for one auction; beyond it 503 with Retry-After
DESK_BATCH_MAX = 256  # commands in one transaction: bounds the time the row is locked
HEARTBEAT_SECONDS = 5
RESUME_EVENTS_MAX = 500  # further behind than this a client gets a new snapshot
SOCKET_QUEUE_MAX = 256  # frames waiting for one slow socket before it must resync
SOCKET_FRAME_BYTES_MAX = 4096
SOCKET_MESSAGES_PER_SECOND = 5
SOCKETS_PER_USER_MAX = 5
SOCKETS_PER_IP_MAX = 20
CLOSER_SECONDS = 0.25  # between two looks for due auctions
HTTP_THREADS = env.int("HTTP_THREADS", default=8)

# --- money ------------------------------------------------------------------------------------

STRIPE = {
    "secret_key": env.str("STRIPE_SECRET_KEY", default=""),
    "publishable_key": env.str("STRIPE_PUBLISHABLE_KEY", default=""),
    "webhook_secrets": env.list("STRIPE_WEBHOOK_SECRET", default=[]),  # two while one is replaced
    "api": env.str("STRIPE_API", default="https://api.stripe.com"),
}
PAYPAL = {
    "client_id": env.str("PAYPAL_CLIENT_ID", default=""),
    "client_secret": env.str("PAYPAL_CLIENT_SECRET", default=""),
    "webhook_id": env.str("PAYPAL_WEBHOOK_ID", default=""),
    "webhook_check": env.word("PAYPAL_WEBHOOK_CHECK", "api", "cert"),
    "webhook_authorities": env.str("PAYPAL_WEBHOOK_CA", default=""),  # else DigiCert's
    "plans": env.dict("PAYPAL_PLANS", default={}),  # name in domain/plans.py -> id at PayPal
    "api": env.str("PAYPAL_API", default="https://api-m.paypal.com"),
}
SANDBOX_PAYMENTS = False  # play money where keys are missing; dev.py and production.py decide
PAYMENT_DUE_HOURS = env.int("PAYMENT_DUE_HOURS", default=72)
PAYMENT_LOOK_SECONDS = env.int("PAYMENT_LOOK_SECONDS", default=120)
SECOND_CHANCE_HOURS = env.int("SECOND_CHANCE_HOURS", default=48)
ESCROW_RELEASE_DAYS = env.int("ESCROW_RELEASE_DAYS", default=14)  # after payment, by itself
REPORT_DUE_HOURS = env.int("REPORT_DUE_HOURS", default=72)  # for staff to decide a report
HOUSE_NAME = env.str("HOUSE_NAME", default=SITE_NAME)  # who issues the invoices
HOUSE_ADDRESS = env.str("HOUSE_ADDRESS", default="", multiline=True)
HOUSE_TAX_ID = env.str("HOUSE_TAX_ID", default="")

# --- how long things are kept -------------------------------------------------------------------

RISK_NETWORKS_KEPT_DAYS = env.int("RISK_NETWORKS_KEPT_DAYS", default=90)  # logins came from
WEBHOOK_DELIVERIES_KEPT_DAYS = env.int("WEBHOOK_DELIVERIES_KEPT_DAYS", default=30)  # once ended
SESSIONS_KEPT_DAYS = env.int("SESSIONS_KEPT_DAYS", default=30)  # once ended: for an incident
EXPORTS_KEPT_DAYS = env.int("EXPORTS_KEPT_DAYS", default=7)  # and their links

# --- REST framework ---------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apps.users.authentication.SessionTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["apps.core.json.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.json.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "apps.core.pagination.PageNumberPagination",
    "DEFAULT_SCHEMA_CLASS": "apps.core.schema.HouseSchema",
    "EXCEPTION_HANDLER": "apps.core.api_errors.handle_exception",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "URL_FORMAT_OVERRIDE": None,
}

SPECTACULAR_SETTINGS = {
    "TITLE": "BidBazaar API",
    "DESCRIPTION": "Live auctions: the roadmap's API and the BidBazaar products API, one market.",
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_PATCH": False,  # what comes in has serializers of its own
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.contracts.openapi.finish",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "PATH_CONVERTER_OVERRIDES": {  # of apps/core/routing.py and apps/bidbazaar/urls.py
        "id": {"type": "integer", "minimum": 1, "maximum": 2**63 - 1},
        "any_id": {"type": "integer", "minimum": 0},
    },
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
