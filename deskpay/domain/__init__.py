"""What the front desk knows about money: frozen values and pure rules, free of Qt, HTTP, SQL and asyncio."""
