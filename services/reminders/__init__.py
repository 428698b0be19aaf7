"""Reminders: proposed, issued as letters, sent by mail, each by the settings of its company."""
