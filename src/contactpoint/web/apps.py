"""Tells Django where the pages' templates, static files and template tags are."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages as a Django app without models."""

    name = "contactpoint.web"
    label = "web"
