"""What people do: one verb phrase a function, each taking a context and a command."""
