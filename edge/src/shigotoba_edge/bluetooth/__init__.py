"""The Bluetooth radio that several drivers share: one scan for each adapter, many decoders on it.

Responsible for hearing advertisements whatever happens to adapter, bluetoothd and bus, and for what sealed frames need
(keys, counters). Refuses to know any protocol: what an advertisement says is decoded by the drivers ``ble_*``.
"""
