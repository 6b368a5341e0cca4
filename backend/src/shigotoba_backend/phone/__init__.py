"""The web app for the phone: server-rendered pages that work without JavaScript."""
