"""The commands, one verb each: they translate arguments and hand over."""
