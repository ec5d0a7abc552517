"""Money from customers and back: intents, the fold of observations, tenders, gateways."""
