"""Screens, dialogs and components: they render frozen rows and ask, and never talk to a gateway."""
