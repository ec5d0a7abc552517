"""What is wrong with a shop's promotions, told before they lose a season or a margin."""
