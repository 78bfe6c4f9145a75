"""Django settings, read from the environment: `contactpoint` sets it, or whoever runs the service does.

Each process has its own database role in DATABASE_URL; none of them is the owner of the tables.
"""

import os
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from contactpoint.domain.errors import Misconfigured
from contactpoint.storage.database_url import connection_of

_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
_SHORTEST_SECRET = 32  # characters


def _required(name: str, what: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {what}. `contactpoint serve` sets it for you.")
    return value


def _count(name: str) -> int:
    text = os.environ.get(name, "0")
    if not (text.isascii() and text.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, 0 or more.")
    return int(text)


def _secret(name: str, what: str) -> str:
    value = _required(name, what)
    if len(value) < _SHORTEST_SECRET:
        raise ImproperlyConfigured(f"{name} must have at least {_SHORTEST_SECRET} characters, all random.")
    return value


def _origin(text: str) -> str:
    """Where people find the pages: over TLS, or on their own machine."""
    parts = urlsplit(text)
    here = parts.scheme == "http" and parts.hostname in _THIS_MACHINE
    if not (here or (parts.scheme == "https" and parts.hostname)) or parts.path.strip("/"):
        raise ImproperlyConfigured(
            "CONTACTPOINT_ORIGIN must be https:// and a host, or http://localhost and a port."
        )
    return text.rstrip("/")


def _guides() -> Path:
    """In the package where it is installed from a wheel, and beside the source in a checkout."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "guide"
    return packaged if packaged.is_dir() else package.parents[1] / "docs" / "guide"


def _hosts(text: str) -> list[str]:
    """The names that a request may ask for, each written out."""
    hosts = [host.strip() for host in text.split(",") if host.strip()]
    if not hosts or any(host.startswith((".", "*")) for host in hosts):
        raise ImproperlyConfigured("CONTACTPOINT_ALLOWED_HOSTS must name each host in full.")
    return hosts


def _mail(address: str, home: str) -> tuple[str, SplitResult]:
    """The backend that sends e-mail, none if nothing says where to, and the parts of where that is."""
    parts = urlsplit(address or (f"{home}/outbox" if home else ""))
    if parts.scheme in {"smtp", "smtps"} and parts.hostname:
        return "django.core.mail.backends.smtp.EmailBackend", parts
    if parts.scheme or (parts.path and not parts.path.startswith("/")):
        raise ImproperlyConfigured("CONTACTPOINT_EMAIL must begin with smtp://, smtps:// or / (a folder).")
    return "django.core.mail.backends.filebased.EmailBackend" if parts.path else "", parts


def _database(url: str) -> dict[str, object]:
    try:
        named = dict(connection_of(url))
    except Misconfigured as fault:
        raise ImproperlyConfigured(str(fault)) from None
    keys = (
        ("dbname", "NAME"),
        ("user", "USER"),
        ("password", "PASSWORD"),
        ("host", "HOST"),
        ("port", "PORT"),
    )
    signs_in = {key: named.pop(word, "") for word, key in keys}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **signs_in,
        "OPTIONS": named,
        "ATOMIC_REQUESTS": False,
    }


BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = False
SECRET_KEY = _secret("CONTACTPOINT_SECRET_KEY", "a long random text that signs sessions")
ORIGIN = _origin(os.environ.get("CONTACTPOINT_ORIGIN", "http://localhost:8000"))
ALLOWED_HOSTS = _hosts(os.environ.get("CONTACTPOINT_ALLOWED_HOSTS", "localhost,127.0.0.1"))
CSRF_TRUSTED_ORIGINS = [ORIGIN]

DATABASES = {"default": _database(_required("DATABASE_URL", "where this process's database role signs in"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "contactpoint.web.apps.WebConfig",  # before the sign-in library: its templates stand before the library's
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "contactpoint.storage.apps.StorageConfig",
    "contactpoint.access.apps.AccessConfig",
]
AUTH_USER_MODEL = "storage.Account"
ROOT_URLCONF = "contactpoint.config.urls"
WSGI_APPLICATION = "contactpoint.config.wsgi.application"
MIDDLEWARE = [
    "contactpoint.web.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "contactpoint.web.middleware.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "contactpoint.access.middleware.SessionLimits",
    "contactpoint.access.middleware.SetViewer",
    "contactpoint.web.middleware.OnlyInGoodStanding",
    "contactpoint.web.reasons.ReasonsOfTheRequest",
    "contactpoint.web.refill.RefillForm",
    "contactpoint.web.middleware.ErrorPages",
]

# Pages. There is no `auth` context processor: a template never meets an account or its permissions.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.contrib.messages.context_processors.messages",
                "contactpoint.web.context.page",
            ],
        },
    }
]
STATIC_URL = "/static/"
GUIDES = _guides()  # one in Markdown for each role, with pictures
STATICFILES_DIRS = [("guide", GUIDES / "images")]
WHITENOISE_USE_FINDERS = True  # static files are served from the package: nothing to collect
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
DATE_FORMAT = "j F Y"

# E-mail, which only the worker sends: smtp://user:password@host:587 (STARTTLS), smtps:// (TLS), or a folder
# to write it to. Without either none is sent; a data folder of ours keeps it in its outbox.
_POST, _HOME = os.environ.get("CONTACTPOINT_EMAIL", ""), os.environ.get("CONTACTPOINT_HOME", "")
EMAIL_BACKEND, _MAIL = _mail(_POST, _HOME)
EMAIL_FILE_PATH = _MAIL.path
EMAIL_HOST, EMAIL_PORT = _MAIL.hostname or "localhost", _MAIL.port or 587
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_MAIL.username or ""), unquote(_MAIL.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.scheme == "smtp", _MAIL.scheme == "smtps"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("CONTACTPOINT_EMAIL_FROM", "ContactPoint <no-reply@contactpoint.example>")

# Sign-in: password and one-time code, accounts given and never taken (R1, R4).
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "contactpoint.access.passwords.NotGuessable"},
    {"NAME": "contactpoint.access.passwords.NotLeaked"},
]
# A file of leaked passwords' hashes, if whoever runs the service keeps one.
LEAKED_PASSWORDS = os.environ.get("CONTACTPOINT_LEAKED_PASSWORDS", "")
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"  # which leads on to the page of the role
# How many reverse proxies of ours stand before this process. Tries are limited by the address that the
# outermost of them saw; with none, by that of the connection itself, whatever X-Forwarded-For claims.
ALLAUTH_TRUSTED_PROXY_COUNT = _count("CONTACTPOINT_TRUSTED_PROXIES")
ACCOUNT_LOGOUT_REDIRECT_URL = "start"
ACCOUNT_ADAPTER = "contactpoint.access.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_FORMS = {
    "login": "contactpoint.access.forms.LoginForm",
    "reauthenticate": "contactpoint.access.forms.PasswordAgainForm",
    "change_password": "contactpoint.access.forms.ChangePasswordForm",
}
MFA_ADAPTER = "contactpoint.access.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers let a page on this machine use passkeys without https; the library has to be told so.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = urlsplit(ORIGIN).hostname == "localhost"
MFA_TOTP_ISSUER = "ContactPoint"
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "contactpoint.access.forms.CodeForm",
    "reauthenticate": "contactpoint.access.forms.CodeAgainForm",
    "activate_totp": "contactpoint.access.forms.ActivateCodeForm",
    "add_webauthn": "contactpoint.access.passkeys.AddPasskeyForm",
    "login_webauthn": "contactpoint.access.passkeys.PasskeyAloneForm",
}

# In a training directory: the file of the key that signs what somebody takes from there to the directory.
TRAINING_KEY = os.environ.get("CONTACTPOINT_TRAINING_KEY", "")

# Sessions live in the database and end after 30 minutes without use, or ten hours whatever happens.
_SECURE = ORIGIN.startswith("https://")
SESSION_COOKIE_AGE = 30 * 60
HANDHELD_SESSION_AGE = 10 * 60
SESSION_ABSOLUTE_AGE = 10 * 60 * 60
SESSION_ENGINE = "contactpoint.access.session_store"
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Two directories on one machine, one to train in, must not take each other's sessions for their own.
_COOKIE = ("__Host-contactpoint" if _SECURE else "contactpoint") + ("-training" if TRAINING_KEY else "")
SESSION_COOKIE_NAME = _COOKIE
SESSION_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_COOKIE}-form"
CSRF_COOKIE_SECURE = _SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "contactpoint.web.views.errors.form_expired"
CACHES = {
    "default": {
        # Limits on tries are shared by every process, so they are counted in the database.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "sign_in_limit",
    }
}

# What a browser may do with a page: nothing but show it.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" would make browsers send forms with no origin to check
SECURE_HSTS_SECONDS = 31536000 if _SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE else None

# Logs are JSON lines without query strings, form values or names.
LOGGING_CONFIG = "contactpoint.web.logs.configure"
LOGGING = {"version": 1}  # Django calls the function above only with a setting that is not empty

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

# Feeds: where files that were handed in lie, and the largest that is read, in bytes.
HOME = os.environ.get("CONTACTPOINT_HOME", "")
DELIVERY_LIMIT = int(os.environ.get("CONTACTPOINT_DELIVERY_LIMIT", "") or 512 * 1024 * 1024)
# An upload goes to the inbox's own disk as it arrives, and only on the page that takes files in.
FILE_UPLOAD_HANDLERS = ["contactpoint.web.uploads.OnlyFeeds"]
FILE_UPLOAD_TEMP_DIR = str(Path(HOME) / "inbox" / "uploaded") if HOME else None
FILE_UPLOAD_PERMISSIONS = 0o600

# The key by which the pages prove to organisations' own sign-in who they are; a file.
SIGN_IN_KEY = os.environ.get("CONTACTPOINT_SIGN_IN_KEY", "")

# Held only by the worker; the web process has neither.
PAIR_KEY = bytes.fromhex(os.environ.get("CONTACTPOINT_PAIR_KEY", ""))
SEAL_KEY = os.environ.get("CONTACTPOINT_SEAL_KEY", "")
AUDIT_KEY = os.environ.get("CONTACTPOINT_AUDIT_KEY", "")
AUDIT_DIR = os.environ.get("CONTACTPOINT_AUDIT_DIR", "")
# Where the published log is kept on write-once storage, and who stamps its heads; neither unless named.
AUDIT_VAULT = os.environ.get("CONTACTPOINT_AUDIT_VAULT", "")
AUDIT_TSA = os.environ.get("CONTACTPOINT_AUDIT_TSA", "")
AUDIT_TSA_ROOTS = os.environ.get("CONTACTPOINT_AUDIT_TSA_ROOTS", "")
