"""What the engine costs beside its peers, measured by one protocol."""
