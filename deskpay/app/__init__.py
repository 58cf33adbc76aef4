"""The program: its command line, its one place of assembly, its end in order."""
