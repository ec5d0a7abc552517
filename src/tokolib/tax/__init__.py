"""Tax: dated rules by country and class, what they make of a price, and why."""
