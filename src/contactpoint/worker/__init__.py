"""The process that works behind the pages: it numbers, signs and publishes audit events."""
