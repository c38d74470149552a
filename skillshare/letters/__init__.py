"""Mission letters: data in, sealed bytes out."""
