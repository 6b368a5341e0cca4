"""What an office decides from day to day: names, floors, seats, devices, sections, hours, closures, held counters."""
