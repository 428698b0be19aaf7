"""The archives of the company's client: their four tabs, and the client's own marks in them."""
