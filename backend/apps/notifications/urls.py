"""Paths of notifications and messages, below /api/. Fixed words stand before ids."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
