"""Doors to the world outside: what the services' ports look like over HTTP."""
