"""Scripts of the maintainers: gates, and the builders of templates and examples."""
