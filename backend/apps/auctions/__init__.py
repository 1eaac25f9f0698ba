"""Listings: categories, auctions, lots, images, watchlists."""
