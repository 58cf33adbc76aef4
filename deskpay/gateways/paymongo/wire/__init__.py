"""PayMongo's messages: their spelling and shapes stay in here."""
