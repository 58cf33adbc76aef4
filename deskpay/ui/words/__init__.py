"""How money and dates read and sound at the desk: pure functions of values."""
