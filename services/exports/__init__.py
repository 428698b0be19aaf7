"""Files for others that are no lists: for the firm's software, for the tax office, originals."""
