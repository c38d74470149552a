"""The register of letters: what HR and the auditor read, and the rules checked on every letter."""
