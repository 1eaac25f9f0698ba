"""People: accounts, profiles, login sessions."""
