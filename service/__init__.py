"""Composes the records into a service: use-cases and queries behind two doors, jobs, reports and the command line."""
