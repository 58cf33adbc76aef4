"""The verbs of the desk, and the ports through which they reach the hotel and the journal."""
