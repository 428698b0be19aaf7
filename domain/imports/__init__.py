"""What is taken in from files: which file and line something comes from, and batches of lines."""
