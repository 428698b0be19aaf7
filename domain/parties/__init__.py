"""Who takes part: the company whose book it is, and its contacts."""
