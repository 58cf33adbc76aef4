"""The journal on the screen: what is not known yet, and what people may do about it."""
