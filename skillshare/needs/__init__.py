"""A unit asks: the guided need, from draft to closed."""
