"""Where the data is: systems, datasets, fields, and how a row belongs to a person (art. 30)."""
