"""Who is at the desk: signing in, approving, locking."""
