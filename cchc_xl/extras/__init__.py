"""Optional doors and engines: nothing in the core imports them."""
