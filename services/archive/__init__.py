"""The archive: every book a second time, in plain files that no database has to read."""
