"""Pages and the API, as a browser or a program meets them."""
