"""What is true: values, events and decisions, without clock, chance or input and output."""
