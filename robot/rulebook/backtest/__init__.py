"""Changed rules on what earlier decisions saw: what would change, and at what risk."""
