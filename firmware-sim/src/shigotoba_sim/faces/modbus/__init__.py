"""An input module on a serial line, as Modbus RTU shows it."""
