"""PayMongo, over HTTP."""
