"""When: rules, occurrences, slots, imports."""
