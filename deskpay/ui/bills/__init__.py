"""The guest's bills: what stands on them, closing them, and their print."""
