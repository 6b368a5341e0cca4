"""What an electrician has in the field: find out what is there, give it its place, watch it speak."""
