"""Every error this project raises on purpose.

* PolicyError
  - DocumentError    a document cannot be read, or its metadata is wrong
  - IndexStoreError  the index is missing, damaged, or made by another version
  - ModelError       an embedding model cannot be loaded
  - RuleError        a rule's files are malformed, or name a clause that is not there
  - UsageError       what the user gave is no question, day, region, folder or fact
"""


class PolicyError(Exception):
    """Base class: catch this to catch everything this project raises on purpose."""


class DocumentError(PolicyError):
    """A document cannot be read, or its metadata is wrong."""


class IndexStoreError(PolicyError):
    """The index is missing, damaged, or made by another version."""


class ModelError(PolicyError):
    """An embedding model cannot be loaded."""


class RuleError(PolicyError):
    """A rule's files are malformed, or name a clause that is not there."""


class UsageError(PolicyError):
    """What the user gave is no question, day, region, folder or fact that we can use."""
