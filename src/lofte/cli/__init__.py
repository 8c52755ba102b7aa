"""The command line: one module per command, thin; words and exit codes, no law."""
