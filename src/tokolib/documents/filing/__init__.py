"""What a tax provider is told of issued documents, and what it has said to that."""
