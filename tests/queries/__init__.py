"""Lists, figures and details."""
