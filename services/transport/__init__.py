"""What travels by NATS JetStream: events for others, and the work shared out among workers."""
