"""What can be wrong with our own law files or with a question to them.

| Raised        | Means                                                                          |
|---------------|--------------------------------------------------------------------------------|
| `LawError`    | a statute file is wrong: a hole, an overlap, a missing source; nothing starts   |
| `UnknownLaw`  | the caller asks for a rule, profile or list that no statute file holds          |
"""


class LawError(Exception):
    """A statute file cannot be used; the message names file and place."""


class UnknownLaw(LawError, LookupError):
    """No such rule, profile, duty, list or authority in the statute files."""
