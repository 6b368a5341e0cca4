"""The national rule on machine-readable administrative data (31 March 2026), its 30 points as a checker of files."""
