"""What things cost: price lists, tiers, promotions, coupons, and one pure function that prices lines and charges."""
