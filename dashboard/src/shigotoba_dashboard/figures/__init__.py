"""Charts as pure functions: structs in, a figure with its sentence and its table out."""
