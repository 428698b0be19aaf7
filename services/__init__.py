"""What we do: use cases, the event store, the replay engine and files in and out."""
