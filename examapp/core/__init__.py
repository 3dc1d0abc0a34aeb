"""What every feature stands on and no feature is known to: database, ids, clock, errors, events, jobs, language."""
