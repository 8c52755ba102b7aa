"""What the law says: articles, grounds, rights, deadlines, statutes, adequacy decisions.

Dated data and small functions; nothing here knows a company, a database or the time of day.

- `articles`: `ARTICLES`, `cite("15.1.b", "sv")`
- `bases`: `BASES`, the grounds a purpose may rest on, in plain words
- `rights`: `Right` with article, name and the policy's key
- `calendar`: `holidays(year)`, `is_working_day`, `add_months`, `due(received, months)`, `civil_date`
- `clock`: `clock(received, stops, extended)`: the last day, stops, extension, when somebody is warned
- `statutes`: `STATUTES`, `Statute` with the shortest keeping time where the act sets one
- `authorities`: `IMY`
- `adequacy`: `safeguarded(country, on)`, `EEA`, `DECISIONS`, `CHECKED_ON`
"""
