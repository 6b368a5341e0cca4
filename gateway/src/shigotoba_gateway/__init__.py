"""The Raspberry Pi hub: intake, spool, upstream."""
