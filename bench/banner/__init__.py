"""The banner beside others, in one browser and one run."""
