"""The course of a request: received, known, searched for, warned about, refused or over (art. 12)."""
