"""Work done outside a request: the registry of jobs and the worker that runs them."""
