"""The product's settings, with one view more."""

from meeting_manager.config.settings import *  # noqa: F403 - as Django reads settings

ROOT_URLCONF = "tests.bench.urls"
