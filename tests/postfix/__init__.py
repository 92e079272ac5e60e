"""The reading of Postfix, as a specification."""
