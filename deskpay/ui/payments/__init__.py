"""The dialogs that ask for money to be moved, and the one that tells what became of it."""
