"""What comes in by mail: read, judged, kept under lock, and opened as requests (art. 12.2-12.3)."""
