"""Tests of the domain: no database, no clock; a marker names the feature rows a test holds."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known that says which rows of the feature list a test is about."""
    config.addinivalue_line("markers", "feature(*rows): rows of the feature list this test holds")
