"""Who may do what: one table for the whole site, deny by default."""
