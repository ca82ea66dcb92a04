"""Plans of batches: a grid of choices or the rows of a CSV file become orders, one for each shoot. No database."""
