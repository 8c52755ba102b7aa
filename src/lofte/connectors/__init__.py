"""Hands: one folder for each kind of foreign system, all behind `protocol.Connector`."""
