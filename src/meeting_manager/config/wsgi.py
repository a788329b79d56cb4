"""The application that the web server calls."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meeting_manager.config.settings")

application = get_wsgi_application()

# Django imports the pages with the first request, which then waits for all of them, after every restart.
get_resolver()._populate()  # noqa: SLF001 - what the first request would do
