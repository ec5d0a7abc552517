"""SQL text for any dialect, made from declarations; who sends it, and over which driver, is elsewhere."""
