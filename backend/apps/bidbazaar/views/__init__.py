"""The guide's endpoints: parse, authorise, ask one service or selector, present."""
