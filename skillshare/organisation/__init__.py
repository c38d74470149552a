"""Employers, units, agents, accounts, roles, stand-ins and signing delegations."""
