"""Documents made from rows: the outcome report and the export of any list."""
