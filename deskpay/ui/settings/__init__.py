"""What this desk sets for itself, and what is fixed for it."""
