"""SQL databases, read set-wise: one statement per dataset for any number of persons."""
