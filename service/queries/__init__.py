"""What people look up: noun phrases that select rows the actor may see, and never write."""
