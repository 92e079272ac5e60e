Scope = str
