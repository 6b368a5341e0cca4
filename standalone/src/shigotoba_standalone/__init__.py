"""Everything on one machine: embedded PostgreSQL and broker, supervisor."""
