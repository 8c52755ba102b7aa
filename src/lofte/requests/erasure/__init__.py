"""Erasing and what belongs to it: approval, holds, what is kept, what goes later, undo (art. 17, 18.1 c)."""
