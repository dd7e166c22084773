"""What the marked copy is compared by."""
