"""The host's own transactions: `shop.within(...)` joins one of them."""
