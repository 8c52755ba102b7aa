"""What is told of policy and data map together: the registers of art. 30, and Fideslang, out and in.

- `sheets`: the registers of art. 30.1 and 30.2 as tables; what is missing is marked as missing
- `fides`: systems, datasets and a policy in Fideslang; `fides_terms`: the words, and which of ours they are
- `fides_in`: manifests of Fides as drafts of a data map and of the purposes
"""
