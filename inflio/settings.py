"""Inflio's settings: one file, driven by the environment; every default works with no key and no service."""

from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from inflio.common import env
from inflio.common.secret import secret_key
from inflio.queue.conf import q_cluster

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("INFLIO_VAR", str(BASE_DIR / "var")))

DEBUG = env.flag("INFLIO_DEBUG", False)
SECRET_KEY = env.text("INFLIO_SECRET_KEY") or secret_key(VAR_DIR / "secret.key")
ALLOWED_HOSTS = env.words("INFLIO_HOSTS", "localhost,127.0.0.1,[::1]")
SITE_URL = env.text("INFLIO_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if HTTPS else []
ROOT_URLCONF = "inflio.urls"
WSGI_APPLICATION = "inflio.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.linkedin_oauth2",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_q",
    "rest_framework",
    "template_partials",
    "inflio",
    "inflio.common",
    "inflio.queue",
    "inflio.accounts",
    "inflio.notices",
    "inflio.billing",
    "inflio.media",
    "inflio.safety",
    "inflio.generation",
    "personas",
    "content",
    "scheduling",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "inflio.common.middleware.NulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "inflio.accounts.middleware.SessionSeenMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "inflio.common.middleware.HtmxMessagesMiddleware",
    "inflio.billing.middleware.FreshCreditsMiddleware",
    "inflio.common.middleware.InflioErrorMiddleware",
    "inflio.safety.middleware.KeepRefusalsMiddleware",
    "inflio.accounts.middleware.WorkspaceMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "inflio.accounts.context.workspace",
            ],
            "builtins": ["template_partials.templatetags.partials", "inflio.common.templatetags.ui"],
        },
    }
]

# Data. SQLite in WAL with immediate transactions: the defaults lose writes under load (measured).
DATABASES = {
    "default": dj_database_url.parse(
        env.text("INFLIO_DATABASE_URL", f"sqlite:///{VAR_DIR / 'inflio.sqlite3'}"),
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;",
    }

# Files. Private media goes through inflio.media's views; nothing is served straight from the disk.
if _bucket := env.text("INFLIO_S3_BUCKET"):
    _media_storage = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": _bucket,
            "endpoint_url": env.text("INFLIO_S3_ENDPOINT") or None,
            "region_name": env.text("INFLIO_S3_REGION") or None,
            "access_key": env.text("INFLIO_S3_KEY") or None,
            "secret_key": env.text("INFLIO_S3_SECRET") or None,
            "default_acl": "private",
            "file_overwrite": True,
        },
    }
else:
    _media_storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "media", "file_permissions_mode": 0o600},
    }
STORAGES = {
    "default": _media_storage,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # each ticked picture is one; more than an action changes have to be told so
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
UPLOAD_MAX_BYTES = env.whole("INFLIO_UPLOAD_MAX_MB", 25, minimum=1) * 1024 * 1024
VIDEO_MAX_BYTES = env.whole("INFLIO_VIDEO_MAX_MB", 300, minimum=1) * 1024 * 1024
VIDEO_MAX_SECONDS = env.whole("INFLIO_VIDEO_MAX_SECONDS", 900, minimum=1)
UPLOAD_MAX_PIXELS = env.whole("INFLIO_UPLOAD_MAX_MEGAPIXELS", 64, minimum=1) * 1_000_000

# Counts rate limits; several web processes share them through Redis.
if env.text("INFLIO_REDIS_URL"):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": env.text("INFLIO_REDIS_URL"),
            "KEY_PREFIX": "inflio",
        }
    }

# Queue. Rows are the truth; django-q2 only carries wake-ups.
Q_CLUSTER = q_cluster(redis_url=env.text("INFLIO_REDIS_URL"))
QUEUE_KINDS = {
    "job": {"model": "generation.Job", "run": "inflio.generation.tasks.run"},
    "erasure": {"model": "personas.ProviderErasure", "run": "personas.tasks.erase_at_provider"},
    # A long film takes its time to get the mark; its lease is renewed meanwhile.
    "publication": {"model": "scheduling.Publication", "run": "scheduling.tasks.publish", "timeout": 3600},
}
QUEUE_PERIODIC = {
    "inflio.notices.mail.mail_notices": 60,
    "inflio.generation.tasks.check_ledger": 3600,
    "content.services.batches.feed_batches": 3,
    "content.services.results.delete_old_results": 86_400,
    "scheduling.services.timing.times.materialise_due": 3600,
    "scheduling.services.timing.zone_rules.recompute_due": 86_400,
    "scheduling.tasks.check_ahead": 60,
    "scheduling.tasks.make_ahead": 15,
    "scheduling.tasks.wake_aftercare": 30,
    "scheduling.services.connecting.upkeep.care_for_channels": 300,
    "scheduling.services.metrics.collect_metrics": 600,
}
LEASE_SECONDS = env.number("INFLIO_LEASE_SECONDS", 60, minimum=0.5)
HEARTBEAT_STALL_SECONDS = env.number("INFLIO_HEARTBEAT_STALL_SECONDS", 300, minimum=0.5)
REDISPATCH_SECONDS = env.number("INFLIO_REDISPATCH_SECONDS", 10, minimum=0.5)
CANARY_STALE_SECONDS = env.number("INFLIO_CANARY_STALE_SECONDS", 60, minimum=1)
MAX_ATTEMPTS = env.whole("INFLIO_MAX_ATTEMPTS", 3, minimum=1)

# Generation.
ITEM_GUARDS = ("scheduling.services.composing.guard.uses_of_items",)  # asked before a picture is deleted: who shows it?
JOB_GUARDS = ("personas.tasks.refuse_job",)  # asked before a job is paid for: may it be made?
JOB_CALLBACKS = (
    "personas.tasks.analysis_ended",
    "personas.tasks.portrait_ended",
    "personas.tasks.training_ended",
    "content.tasks.picture_ended",
    "content.tasks.thumbnail_ended",
)
DEFAULT_ENGINE = env.text("INFLIO_ENGINE", "embedded")
IDENTITY_THRESHOLD = env.number("INFLIO_IDENTITY_THRESHOLD", 0.85)
MAX_REMAKES = env.whole("INFLIO_MAX_REMAKES", 3)
PROVIDER_KEYS = {  # of this installation; a workspace's own key wins
    "fal": env.text("INFLIO_FAL_KEY"),
    "replicate": env.text("INFLIO_REPLICATE_TOKEN"),
    "gemini": env.text("INFLIO_GEMINI_KEY"),
}

# Publishing: keys of this installation for each platform; without them it is shown as “needs set-up”.
PLATFORM_APPS = {
    "instagram": (env.text("INFLIO_INSTAGRAM_APP_ID"), env.text("INFLIO_INSTAGRAM_APP_SECRET")),
    "tiktok": (env.text("INFLIO_TIKTOK_CLIENT_KEY"), env.text("INFLIO_TIKTOK_CLIENT_SECRET")),
    "youtube": (env.text("INFLIO_YOUTUBE_CLIENT_ID"), env.text("INFLIO_YOUTUBE_CLIENT_SECRET")),
    "linkedin": (env.text("INFLIO_LINKEDIN_CLIENT_ID"), env.text("INFLIO_LINKEDIN_CLIENT_SECRET")),
}
PLATFORM_OPTIONS = {
    "instagram": {"version": env.text("INFLIO_INSTAGRAM_VERSION", "v26.0")},
    "tiktok": {"upload": env.text("INFLIO_TIKTOK_UPLOAD", "file")},  # file, or pull: from addresses verified there
    "linkedin": {"version": env.text("INFLIO_LINKEDIN_VERSION", "202607")},
    "youtube": {"uploads_a_day": env.whole("INFLIO_YOUTUBE_UPLOADS_A_DAY", 100, minimum=1)},  # of the whole project
}
PLATFORM_TIMEOUT = env.number("INFLIO_PLATFORM_TIMEOUT", 30, minimum=0.1)  # seconds for one request
PUBLISH_LEASE_SECONDS = env.number("INFLIO_PUBLISH_LEASE_SECONDS", 120, minimum=0.5)
PUBLISH_AHEAD_SECONDS = env.number("INFLIO_PUBLISH_AHEAD_SECONDS", 120, minimum=0)  # for files to reach a platform
PUBLISH_GRACE_SECONDS = env.number("INFLIO_PUBLISH_GRACE_SECONDS", 150, minimum=0.1)  # before a doubt is looked up
SANDBOX_URL = env.text("INFLIO_SANDBOX_URL", "http://127.0.0.1:8010").rstrip("/")
SANDBOX = env.flag("INFLIO_SANDBOX", True)  # whether sandbox accounts can be connected

CRON_TOKEN = env.text("INFLIO_CRON_TOKEN")  # of an outside cron that calls POST /api/cron/trigger; empty: off
CRON_SECONDS = env.number("INFLIO_CRON_SECONDS", 20, minimum=0.1)

# Safety: checks of pictures, in this order; an empty value turns them off.
SAFETY_CHECKS = env.words("INFLIO_SAFETY_CHECKS", "inflio.safety.checks.embedded.EmbeddedCheck")

# Content credentials. With no certificate given, one is made in VAR_DIR/credentials.
C2PA_CERT = env.text("INFLIO_C2PA_CERT")
C2PA_KEY = env.text("INFLIO_C2PA_KEY")
C2PA_TSA_URL = env.text("INFLIO_C2PA_TSA_URL")
C2PA_TRUST = env.text("INFLIO_C2PA_TRUST")

# Accounts.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
WORKSPACE_CREATED = "inflio.billing.services.open_account"
USAGE_METERS = (
    "inflio.generation.usage.images_meter",
    "content.queries.usage.saved_meter",
    "personas.queries.training.trainings_meter",
)
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboard"
ACCOUNT_LOGOUT_REDIRECT_URL = "landing"
SOCIALACCOUNT_ADAPTER = "inflio.accounts.adapter.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FORM_CLASS = "inflio.accounts.forms.SignupDetails"
ACCOUNT_EMAIL_VERIFICATION = env.text("INFLIO_EMAIL_VERIFICATION", "optional")
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True  # one address; the new one counts once it is verified
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {  # added to allauth's own
    "verify_file": "20/m/ip,300/d/ip",
    "review_decide": "30/m/ip",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of every change of password, address and two-factor
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("INFLIO_BEHIND_PROXY", False) else 0  # whose address is limited
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Inflio"
MFA_TOTP_TOLERANCE = 1  # codes: one typed as it runs out, or by a clock half a minute off, is still taken (RFC 6238)
USERSESSIONS_TRACK_ACTIVITY = True
SOCIALACCOUNT_PROVIDERS = {
    provider: {"APPS": [{"client_id": client_id, "secret": env.text(f"{prefix}_SECRET"), "key": ""}]}
    for provider, prefix in (("google", "INFLIO_GOOGLE"), ("linkedin_oauth2", "INFLIO_LINKEDIN_LOGIN"))
    if (client_id := env.text(f"{prefix}_CLIENT_ID"))
}

LOG_IN_ELSEWHERE = {"google": "https://accounts.google.com", "linkedin_oauth2": "https://www.linkedin.com"}

# API: its own errors and no pages; each view says who may call it.
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "EXCEPTION_HANDLER": "inflio.api.answer_error",
}

# Mail: files under var/mail until a server is given (smtp://user:password@host:587).
DEFAULT_FROM_EMAIL = env.text("INFLIO_MAIL_FROM", "Inflio <hello@localhost>")
EMAIL_SUBJECT_PREFIX = "[Inflio] "
if env.text("INFLIO_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = env.text("INFLIO_SMTP_HOST")
    EMAIL_PORT = env.whole("INFLIO_SMTP_PORT", 587)
    EMAIL_HOST_USER = env.text("INFLIO_SMTP_USER")
    EMAIL_HOST_PASSWORD = env.text("INFLIO_SMTP_PASSWORD")
    EMAIL_USE_TLS = env.flag("INFLIO_SMTP_TLS", True)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"

# Browser security. SITE_URL decides: https turns on everything that needs it.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF, *(LOG_IN_ELSEWHERE[provider] for provider in SOCIALACCOUNT_PROVIDERS)],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.whole("INFLIO_HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("INFLIO_BEHIND_PROXY", False) else None

# Language and time: stored in UTC, shown in each user's zone.
LANGUAGE_CODE = "en"
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("INFLIO_LOG_LEVEL", "INFO")},
    "loggers": {
        "django-q": {"level": "WARNING"},  # it writes two lines for each wake-up
        "httpx": {"level": "WARNING"},  # it writes every address, with what is secret in it
        "httpx2": {"level": "WARNING"},
        "google_genai": {"level": "WARNING"},  # it advertises a feature at each call
    },
}
