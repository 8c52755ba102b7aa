"""What we promise: the policy as a document, how it is read, judged, counted and told.

Text in, values out; nothing here reads files, knows the time or a database.

- `document.Policy`: the whole document; its parts in `parts` and `terms`.
- `reading.read(text, file, Policy) -> Reading`: YAML to the document, or faults with line and
  column. `Reading.place(path)` finds the line of a path of keys (`keypath`) later. The data map is
  read the same way. `tree.grow(text)` is the safe YAML beneath.
- `checks.check(policy, reading, on=None) -> faults`: everything that can be judged without a
  database; `checks.catalogue()` lists the numbers; `checks.waive(waivers, faults, letter)` lets
  another room honour the waivers of its own faults.
- `period.parse("P24M") -> Period | Fault`; `Period.after(day)`.
- `retention.parse("contract.end + P3M") -> Expression | Fault`; `retention.ends_on(expression,
  anchors) -> date | None`; `retention.term(policy, purposes, anchors) -> Term` for a row that serves
  several purposes; `retention.latest(ends)`, `retention.acts_on(until)`.
- `retention_words.say(expression, language)`: the same, in plain Swedish or English.
- `digest.digest(policy)`: SHA-256 of its canonical form.
- `schema.json_schema("policy")`: for editors.
- `review`: a policy in prose read against the law; see its own page.
- `notice` renders the text people read, `promises` lists what is promised in it.
"""
