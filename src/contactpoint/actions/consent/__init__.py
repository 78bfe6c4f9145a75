"""Consents to sensitive services: who agreed, until when, how it ends; and what is not shared."""
