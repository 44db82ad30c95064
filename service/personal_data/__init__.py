"""Personal data: which columns may hold any, what for and how long, and how a person is taken out of them."""
