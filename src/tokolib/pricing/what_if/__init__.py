"""What past orders would have cost under other promotions."""
