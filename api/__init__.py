"""How you reach it: the HTTP API, the command line and the pages."""

__version__ = "0.1.0"
