"""The pages: thin routes that read a form, call a use-case or a query, and draw a template."""
