"""The package a person gets: a page to read, a PDF, and the data (art. 12.1, 15.3, 20)."""
