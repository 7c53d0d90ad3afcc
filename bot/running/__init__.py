"""How the helpline runs: its parts, each put together, and the line of them on one machine."""
