"""How quick DeskPay is, as shares of what the machine itself takes."""
