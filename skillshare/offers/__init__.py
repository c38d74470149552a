"""An agent volunteers: one live offer, published, paused or withdrawn at will."""
