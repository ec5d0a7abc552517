"""An embeddable, framework-free commerce library."""
