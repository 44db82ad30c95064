"""Files that people send: hostile ones, hostile names, who may send and fetch, and that nothing of them runs."""
