"""One file of settings. Works with no environment at all; docs/running.md lists the variables."""

from pathlib import Path

import django.forms
from csp.constants import NONE, SELF
from django.conf.global_settings import LANGUAGES_BIDI as RIGHT_TO_LEFT
from django.conf.locale import LANG_INFO

from sidebyside.config import environment

PACKAGE = Path(__file__).resolve().parent.parent
CLONE = PACKAGE.parent.parent

# Where things are

SIDEBYSIDE_HOME = environment.folder("SIDEBYSIDE_HOME", CLONE / "data")
SIDEBYSIDE_KEYS = environment.folder("SIDEBYSIDE_KEYS", Path(f"{SIDEBYSIDE_HOME}-keys"))
SIDEBYSIDE_KEYS.chmod(0o700)
DEMONSTRATION = environment.flag("SIDEBYSIDE_DEMO")
DEBUG = environment.flag("DEBUG")
SHOWS_DESIGN = environment.flag("SIDEBYSIDE_DESIGN", DEBUG)
SECRET_KEY = environment.kept_secret("SECRET_KEY", SIDEBYSIDE_HOME / "secret-key")
SITE_URL = environment.text("SITE_URL", "http://localhost:8000").rstrip("/")
SITE_IS_SECURE = SITE_URL.startswith("https://")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", SITE_URL.split("//")[-1].split(":")[0].split("/")[0]]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_IS_SECURE else []
# How many proxies in front add to X-Forwarded-For: none is believed unless this says so.
TRUSTED_PROXIES = environment.number("TRUSTED_PROXIES")

DATABASES = {
    "default": environment.database(environment.text("DATABASE_URL"), SIDEBYSIDE_HOME / "sidebyside.sqlite3"),
    # A key must never be lost while a text that it sealed is kept.
    "keys": environment.database(environment.text("KEYS_URL"), SIDEBYSIDE_KEYS / "keys.sqlite3", synchronous="FULL"),
}
for _name, _database in DATABASES.items():
    if _database["ENGINE"].endswith("sqlite3"):
        # Tests use files, as the server does: shared memory locks differently.
        _database["TEST"] = {"NAME": str(SIDEBYSIDE_HOME / f"test-{_name}.sqlite3")}
if DATABASES["default"].get("NAME") == DATABASES["keys"].get("NAME"):
    raise ValueError("KEYS_URL must not name the main database: keys lie apart, or they protect nothing.")
DATABASE_ROUTERS = ["sidebyside.base.keys.routing.KeysApart"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What it is made of

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "sidebyside.base",
    "sidebyside.base.keys",
    "sidebyside.base.live",
    "sidebyside.base.files",
    "sidebyside.people",
    "sidebyside.places",
    "sidebyside.materials",
    "sidebyside.calendars",
    "sidebyside.cover",
    "sidebyside.partnerships",
    "sidebyside.cycles",
    "sidebyside.conversations",
    "sidebyside.lessons",
    "sidebyside.visits",
    "sidebyside.journals",
    "sidebyside.summaries",
    "sidebyside.notices",
    "sidebyside.demo",
    "sidebyside.web",
    "sidebyside.cli",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "sidebyside.web.middleware.LoginAsked",
    "django.contrib.messages.middleware.MessageMiddleware",
    "csp.middleware.CSPMiddleware",
    "sidebyside.web.middleware.InHerLanguage",
    "sidebyside.web.middleware.OncePerForm",
    "sidebyside.web.middleware.RefusalsAsPages",
]
ROOT_URLCONF = "sidebyside.config.urls"
WSGI_APPLICATION = "sidebyside.config.wsgi.application"
EVENT_READERS = "sidebyside.config.readers.READERS"

# Pages

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web", Path(django.forms.__file__).parent / "jinja2"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "sidebyside.web.templating.environment",
            "context_processors": ["sidebyside.web.templating.shell"],
        },
    },
]
FORM_RENDERER = "sidebyside.web.templating.FormRenderer"
STATIC_URL = "/static/"
STATIC_ROOT = SIDEBYSIDE_HOME / "static"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    # Files that people bring along, sealed. Another place of Django's kind (S3 ...) is named here.
    "default": {"BACKEND": "sidebyside.base.files.folder.Folder"},
    "staticfiles": {"BACKEND": "sidebyside.web.templating.StaticFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = SIDEBYSIDE_HOME / "files"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3_000  # a large school's timetable has two for each teacher and period
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Larger ones lie on the disk while they are judged: sealed, and this much of all files of a form together.
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "sidebyside.base.files.uploads.SealedUploads",
]
FILE_UPLOAD_LARGEST = 256 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = environment.folder("SIDEBYSIDE_UPLOADS", SIDEBYSIDE_HOME / "uploads")

# Languages: English, and a made language (longer, right to left) that proves that every string is looked up

USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.text("TIME_ZONE", "UTC")
LANGUAGE_CODE = "en"
PSEUDO_LANGUAGE = "qps-plocm"
LANGUAGES = [("en", "English"), (PSEUDO_LANGUAGE, "Pseudo (right to left)")]
LANGUAGES_BIDI = [*RIGHT_TO_LEFT, "qps"]  # Django looks at the part before the hyphen
LANG_INFO[PSEUDO_LANGUAGE] = {
    "bidi": True,
    "code": PSEUDO_LANGUAGE,
    "name": "Pseudo (right to left)",
    "name_local": "[Þšéúðó]",
}
LOCALE_PATHS = [PACKAGE / "locale"]

# Signing in

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["sidebyside.web.entrance.backend.WhileHere"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "sidebyside.web.entrance.views.form_too_old"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_IS_SECURE

# Safety

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if SITE_IS_SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SITE_IS_SECURE else None
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# Several server processes: how they tell one another who has a lesson open and which changes were written

REDIS_URL = environment.text("REDIS_URL")
CHANNEL_LAYERS = (
    {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # Ids and cursors, no texts; enciphered all the same.
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "sidebyside", "symmetric_encryption_keys": [SECRET_KEY]},
        }
    }
    if REDIS_URL
    else {}
)

# Mail and logs

for _key, _value in environment.mail(environment.text("EMAIL_URL"), SIDEBYSIDE_HOME / "mail").items():
    globals()[_key] = _value
# Mails are sent after the page has answered (base/later.py).
WORKS_LATER = True
DEFAULT_FROM_EMAIL = environment.text("EMAIL_FROM", "Side by Side <side-by-side@localhost>")
# The mailbox that takes answers to invitations (answers@example.org): each gets an address of its own in it.
MAIL_ANSWERS = environment.text("MAIL_ANSWERS")

# Calendars that people bring along: networks inside which they may lie all the same, and the ports that are asked

CALENDAR_NETWORKS = environment.networks("CALENDAR_NETWORKS")
CALENDAR_PORTS = environment.numbers("CALENDAR_PORTS", "80 443 8080 8443")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"without_secrets": {"()": "sidebyside.config.logged.WithoutSecrets"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_secrets"]}},
    "root": {"handlers": ["stderr"], "level": environment.text("LOG_LEVEL", "WARNING")},
    # A traceback of a failed request never goes to a mail, and its local variables never to a log.
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # The address of a refused request may hold a secret, such as a link to sign in.
        "django.request": {"level": "ERROR"},
        # A whole traceback every second while Redis is away; base/live/elsewhere.py says it once.
        "channels_redis": {"level": "CRITICAL"},
    },
}
