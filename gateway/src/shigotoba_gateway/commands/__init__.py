"""The commands of ``shigotoba-gateway``, one module each with ``main(arguments) -> exit status``."""
