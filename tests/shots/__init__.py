"""Pictures of every screen and dialog, from values that never change."""
