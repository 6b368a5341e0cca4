"""What is behind a number: one space day by day, one device reading by reading. No menu leads here, numbers do."""
