"""What the worker carries out: what was ordered, what was stopped, and what asks for no proof."""
