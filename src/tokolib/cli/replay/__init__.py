"""Replaying a real retailer's year through the public API: read, sort, match, sell, and make the books agree."""
