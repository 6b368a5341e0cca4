"""One module per topic, each with a ``router``; ``api.app.ROUTERS`` lists them."""
