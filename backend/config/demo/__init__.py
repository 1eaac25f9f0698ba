"""The demo market: people, listings, pictures and bids that look real. Never runs unasked."""
