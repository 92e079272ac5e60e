def read24(*a, **k):
    raise SystemExit(99)
