"""The outside: settings, wiring, the command line, Telegram, and every word shown to people."""
