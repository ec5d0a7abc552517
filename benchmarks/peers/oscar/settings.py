"""The least Django settings that django-oscar's services need; `PEER_DATABASE` is a file, or a PostgreSQL URL.

Stored prices contain the tax, so offers must be counted on them: the default counts them as if they were net.
"""

import os
from urllib.parse import parse_qs, urlsplit

from oscar import INSTALLED_APPS as OSCAR_APPS
from oscar.defaults import *  # noqa: F403 - the way in which oscar is configured

SECRET_KEY = "only for measuring"  # noqa: S105
USE_TZ = True
SITE_ID = 1
INSTALLED_APPS = OSCAR_APPS
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "benchmarks.peers.oscar.urls"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
LOGGING = {"version": 1, "disable_existing_loggers": True, "root": {"level": "ERROR", "handlers": []}}
OSCAR_DEFAULT_CURRENCY = "IDR"
OSCAR_OFFERS_INCL_TAX = True
OSCAR_INITIAL_ORDER_STATUS = OSCAR_INITIAL_LINE_STATUS = "Pending"
OSCAR_ORDER_STATUS_PIPELINE = {"Pending": ("Shipped",), "Shipped": ()}

_NAMED = os.environ["PEER_DATABASE"]
if _NAMED.startswith("postgresql:"):
    _url = urlsplit(_NAMED)
    _default: dict[str, object] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _url.path.strip("/"),
        "USER": _url.username,
        "HOST": parse_qs(_url.query).get("host", [_url.hostname])[0],
        "PORT": _url.port or "",
    }
else:
    _default = {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": _NAMED,
        "OPTIONS": {
            "timeout": 60,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;",
        },
    }
DATABASES = {"default": {**_default, "CONN_MAX_AGE": None}}
