"""Which tenders a shop accepts, from whom, for how much, and how risky each is held to be."""
