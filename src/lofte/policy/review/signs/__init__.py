"""The words by which a policy says a thing, in Swedish and English: one module for each subject."""

from lofte.policy.review.signs import clarity, consent, facts, keeping, rights, sharing, told

__all__ = ["clarity", "consent", "facts", "keeping", "rights", "sharing", "told"]
