"""Random sequences of what staff, customers and gateways do to an order, and an oracle that keeps books of its own."""
