"""What is written down of a request on its way: one module a record. `models` gathers them for Django."""
