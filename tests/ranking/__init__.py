"""The catalogue that the ranking works on: followed change by change, the same in every process."""
