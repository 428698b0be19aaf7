"""Tests of the domain: no database, no clock; a marker names the feature rows a test holds."""
