"""Printed documents: from what was issued to a page, its bytes kept once; copies and selections."""
