"""The parts every screen and dialog is made of: they paint and report, and know nothing of hotels."""
