"""What people see in Discord: harmless text within Discord's limits."""
