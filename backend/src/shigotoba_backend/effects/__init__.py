"""Whether an initiative changed an indicator: the difference, an interval, and what cannot be concluded."""
