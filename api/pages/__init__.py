"""The pages for people: plain HTML made here, nothing fetched from elsewhere, no script needed."""
