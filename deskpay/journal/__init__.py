"""The durable record of intents. Nothing is imported here: SQLAlchemy waits until a journal is opened."""
