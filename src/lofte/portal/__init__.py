"""The face towards the registered: the published policy. The look of all faces lives here too."""
