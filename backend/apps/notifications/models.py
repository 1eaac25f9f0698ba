"""What people are told, as rows."""
