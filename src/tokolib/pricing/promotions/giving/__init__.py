"""What promotions that may apply give: which stand side by side, on which units, and who bears it."""
