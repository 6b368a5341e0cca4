"""What a site's administrators change from day to day: names, floors, seats, devices, hours, holidays, closures."""
