"""Word files: templates filled in, documents looked over."""
