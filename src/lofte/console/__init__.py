"""The face towards those who work here: requests, their deadlines, what was found."""
