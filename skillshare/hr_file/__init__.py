"""What is filed into the HR system: the individual file stays there, unique."""
