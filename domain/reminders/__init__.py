"""Being late: disputes, reminders of three levels, interest and fees that are claimed."""
