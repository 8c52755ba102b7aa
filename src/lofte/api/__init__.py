"""The face for other programs: `/api/v1`, and what they are told by signed webhooks."""
