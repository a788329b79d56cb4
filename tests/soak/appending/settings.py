"""The product's settings, with one room more."""

from meeting_manager.config.settings import *  # noqa: F403 - as Django reads settings
from meeting_manager.config.settings.database import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "tests.soak.appending.apps.Appending"]
