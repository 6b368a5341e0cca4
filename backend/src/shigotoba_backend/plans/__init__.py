"""Reform programmes: what is to be done, by whom, until when, and which indicators show whether it works."""
