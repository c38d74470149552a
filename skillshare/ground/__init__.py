"""What every room stands on: database, errors, rights, states, clock, events, audit log, outbox."""
