"""The policy in other formats: out, and back in as a draft.

What goes out is made from the document and is never edited; each file says so, and of which version it is.
What comes in is a beginning that a person completes: nothing is invented, and each gap is a fault.

- `tilt`: the Transparency Information Language (art. 12-14), out; `tilt_in`: back
- `dpv`: the W3C Data Privacy Vocabulary as JSON-LD; `dpv_terms`: the terms that are used, pinned
- `derived`: what every file says of where it comes from
- `yaml_text`: plain data as YAML

What needs the data map as well stands in `datamap.exchange`.
"""
