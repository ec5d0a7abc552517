"""What every storage's units rest on: what was declared, values that fit it, writes as recorded, pages, homes."""
