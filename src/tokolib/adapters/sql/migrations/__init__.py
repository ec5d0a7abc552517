"""How a storage's schema comes to be and changes: numbered files per database, and a small runner for them."""
