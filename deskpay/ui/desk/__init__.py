"""The desk: find the guest, see what is owed, start taking or giving back money."""
