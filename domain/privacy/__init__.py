"""Personal data: how it is stored, how long the law keeps it, and how it is erased."""
