"""A cart with every fact known, made into one immutable, hashed quote."""
