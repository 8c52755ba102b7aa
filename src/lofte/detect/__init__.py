"""What is personal in a text: recognizers as data, one canonical form, masks."""
