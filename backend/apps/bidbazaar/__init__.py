"""The BidBazaar vocabulary: a phrasebook without models, services or rules."""
