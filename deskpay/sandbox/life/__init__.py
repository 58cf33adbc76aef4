"""What goes on in the hotel without the desk: guests come and go, robots charge, banks pay out and take back."""
