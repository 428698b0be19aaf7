"""The double-entry side: charts, entries, numbering, posting rules, periods."""
