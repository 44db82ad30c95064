"""Documents made from rows."""
