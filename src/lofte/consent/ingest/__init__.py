"""The way in for what visitors choose: small, before Django, and answered only when it is durable."""
