"""Which promises are kept, which are broken, and which cannot be shown (art. 5.2, 24)."""
