"""EnOcean as a USB400J receiver shows it on its serial port: ESP3 frames that carry ERP2 telegrams (Japan, 928 MHz)."""
