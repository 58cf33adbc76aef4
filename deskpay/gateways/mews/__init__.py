"""The Mews Connector API: the hotel's books and the acts on them."""
