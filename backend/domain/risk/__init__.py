"""What is suspicious, as figures: shill scores, bursts of bids, accounts that share something.

Pure and advisory. Nothing here refuses a bid: scores go to people (apps/risk), hard links and
deposits reach the engine as facts of a bidder's standing (domain/admission.py).
"""
