"""Django settings, read from the environment: `contactpoint` sets it, or whoever runs the service does.

Each process has its own database role in DATABASE_URL; none of them is the owner of the tables.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def _required(name: str, what: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ImproperlyConfigured(f"Set {name}: {what}. `contactpoint serve` sets it for you.")
    return value


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgresql://")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "ATOMIC_REQUESTS": False,
    }


BASE_DIR = Path(__file__).resolve().parent.parent
DEBUG = False
SECRET_KEY = _required("CONTACTPOINT_SECRET_KEY", "a long random text that signs sessions")
ORIGIN = os.environ.get("CONTACTPOINT_ORIGIN", "http://localhost:8000")
ALLOWED_HOSTS = os.environ.get("CONTACTPOINT_ALLOWED_HOSTS", "localhost,127.0.0.1").split(",")
CSRF_TRUSTED_ORIGINS = [ORIGIN]

DATABASES = {"default": _database(_required("DATABASE_URL", "where this process's database role signs in"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "contactpoint.storage.apps.StorageConfig",
]
AUTH_USER_MODEL = "storage.Account"
ROOT_URLCONF = "contactpoint.config.urls"
WSGI_APPLICATION = "contactpoint.config.wsgi.application"
MIDDLEWARE: list[str] = []

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

# Held only by the worker; the web process has neither.
PAIR_KEY = bytes.fromhex(os.environ.get("CONTACTPOINT_PAIR_KEY", ""))
AUDIT_KEY = os.environ.get("CONTACTPOINT_AUDIT_KEY", "")
AUDIT_DIR = os.environ.get("CONTACTPOINT_AUDIT_DIR", "")
