"""Settings by environment: dev (the default), test, production; base is what they share."""
