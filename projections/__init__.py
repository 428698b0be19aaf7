"""What we answer: registers folded from the book into tables."""
