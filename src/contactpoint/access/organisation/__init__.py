"""Signing in with one's organisation, by OpenID Connect: asked for, checked strictly, bound to an account."""
