"""Dated rules of each country, as data."""
