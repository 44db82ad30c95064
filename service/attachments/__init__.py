"""Files that people send: what they are by content, whether they may stay, and where their bytes lie."""
