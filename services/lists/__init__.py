"""The lists of a company: what each is made of, and how it leaves as a file."""
