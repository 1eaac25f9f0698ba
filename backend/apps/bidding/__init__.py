"""Bids: the desk, the bid service, history, the live room."""
