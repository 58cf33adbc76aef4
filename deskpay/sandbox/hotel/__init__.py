"""The training hotel: tables of wire-shaped rows, and the seed that fills them."""
