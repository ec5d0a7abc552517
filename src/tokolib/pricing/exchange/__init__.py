"""Exchange rates: what one currency was worth in another on a day, of which kind, and who says so."""
