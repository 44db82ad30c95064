"""The suite: real rows in real databases."""
