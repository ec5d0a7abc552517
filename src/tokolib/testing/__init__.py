"""What users and adapter authors test with."""
