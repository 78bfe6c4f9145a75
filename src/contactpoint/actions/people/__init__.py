"""Who has an account: join, move, leave, renew, roles, and the bodies that are accredited."""
