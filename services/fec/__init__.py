"""The FEC of an exercise: from the book to the file, its description and the note that it left."""
