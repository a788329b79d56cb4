"""Every address of the site."""

from django.urls import URLPattern, URLResolver

handler500 = "meeting_manager.config.outages.server_error_or_outage"

urlpatterns: list[URLPattern | URLResolver] = []
