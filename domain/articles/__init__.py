"""Articles: what the company sells or buys again and again, alone or composed."""
