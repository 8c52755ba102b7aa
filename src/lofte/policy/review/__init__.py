"""A policy in prose, read against art. 12-22: what it tells, what it leaves out, and what it may not say.

Text in, values out; the same text gives the same review. Files are read at the edge (`lofte.cli`).

- `segment.segment(text)` and `markup.manuscript(html)`: a `Manuscript`, cut into blocks, offsets kept.
- `reviewing.read(manuscript, on, language)`: a `Reader`; `reviewing.review(reader) -> Review`.
- The rules are data, beside the signs they look for: `told` (what must be told), `consent`, `clarity`,
  `facts`, `sharing`, `rights`, `keeping`. `reader` looks for signs; `rule` says what a rule is.
- `draft.draft(reader)`: the beginning of a `policy.yaml`, with the place of every field that is filled.
"""
