"""What a sensor's words mean for its place, where they are not already that: hold times, heartbeats, silence."""
