"""Who paperround talks to: settings, commands, adapters, the command line."""
