"""Lookup tables of Postfix, read from the files that they are made of: nothing is asked, run or matched."""
