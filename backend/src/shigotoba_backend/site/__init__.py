"""Sites: what a site file says, and its import."""
