"""How good the tests of the money core are: one small wrong at a time is put into it, and some test must turn red."""
