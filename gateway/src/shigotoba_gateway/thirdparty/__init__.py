"""Sensors that already speak MQTT: Zigbee2MQTT, ESPHome, Tasmota, Shelly, taken in from the gateway's local broker.

What their messages mean is said by mapping files (TOML), not by code; ``examples`` holds some that work. In the other
direction the gateway's sensors can appear in Home Assistant.

Responsible for both. Refuses to command anything: a sensor is listened to, never switched.
"""
