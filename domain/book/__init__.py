"""What a book is made of: events, their catalogue, the Merkle tree over them."""
