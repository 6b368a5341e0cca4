"""Floor plans: pictures and where everything stands, from a day on."""
